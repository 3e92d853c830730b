package io.lowpass.diffusion.schedulers.multistep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import java.util.Optional;

/**
 * Dynamic thresholding (Saharia et al., 2022, section 2.3): clean latents are cut at a quantile of their magnitude and
 * scaled to [-1, 1], where they go beyond it.
 *
 * @param ratio the quantile, from 0 to 1
 * @param most the largest magnitude at which they may be cut
 */
public record DynamicThresholding(double ratio, double most) {

    /** Reads {@code thresholding}, {@code dynamic_thresholding_ratio} and {@code sample_max_value}. */
    public static Optional<DynamicThresholding> of(SchedulerConfig config) {
        double ratio = config.number("dynamic_thresholding_ratio", 0.995);
        double most = config.number("sample_max_value", 1);
        if (!config.flag("thresholding", false)) {
            return Optional.empty();
        }
        config.require(ratio >= 0 && ratio <= 1, "dynamic_thresholding_ratio", ratio, "0 to 1");
        config.require(most > 0, "sample_max_value", most, "a number above 0");
        return Optional.of(new DynamicThresholding(ratio, most));
    }

    /** Clean latents, cut; one video after the other where there are several. */
    public NDArray of(NDArray clean) {
        if (clean.getShape().dimension() < 2 || clean.getShape().get(0) == 1) {
            return cut(clean);
        }
        NDList videos = new NDList();
        for (int i = 0; i < clean.getShape().get(0); i++) {
            videos.add(cut(clean.get(i)));
        }
        return NDArrays.stack(videos);
    }

    private NDArray cut(NDArray clean) {
        double bound = Math.min(Math.max(quantile(clean), 1), most);
        return clean.clip(-bound, bound).div(bound);
    }

    /** Between the two nearest ranks, in f32 as the reference has it. */
    private double quantile(NDArray clean) {
        NDArray sorted = clean.abs().flatten().sort();
        float rank = (float) ratio * (sorted.size() - 1);
        long below = (long) rank;
        float lower = sorted.getFloat(below);
        float upper = sorted.getFloat(Math.min(below + 1, sorted.size() - 1));
        return lower + (rank - below) * (upper - lower);
    }
}
