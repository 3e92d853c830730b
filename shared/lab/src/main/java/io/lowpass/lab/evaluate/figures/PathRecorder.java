package io.lowpass.lab.evaluate.figures;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.KeptFeatures;
import io.lowpass.caching.LowPass;
import io.lowpass.caching.Norms;
import io.lowpass.caching.precise.Downsampling;
import io.lowpass.caching.precise.LFCache;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.tensor.Arrays;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes and measures every step of one generation, and keeps the predictions. The steps of several experts are
 * treated as one schedule: the kept arrays belong to the recorder, not to the expert's part.
 */
final class PathRecorder implements CachePolicy {

    private final NDManager owner;
    private final List<NDArray> predictions = new ArrayList<>();
    private final List<Double> sigmas = new ArrayList<>();
    private final Distances distances = new Distances(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private final List<Recorded> probes;
    private final List<List<Double>> blocks = new ArrayList<>();

    /**
     * Starts without records.
     *
     * @param owner owner of the predictions, which are as large as the latents, and of one probe per resolution
     */
    PathRecorder(NDManager owner, List<Resolution> resolutions) {
        this.owner = owner;
        this.probes = resolutions.stream()
                .map(resolution -> new Recorded(resolution, owner))
                .toList();
    }

    /** The guided prediction of each step. */
    List<NDArray> predictions() {
        return predictions;
    }

    /** Noise level of each step, and at the end. */
    List<Double> sigmas() {
        return sigmas;
    }

    Distances distances() {
        return distances;
    }

    List<ProbeDistances> probes() {
        return probes.stream().map(Recorded::found).toList();
    }

    /** Per step and block. */
    List<List<Double>> blocks() {
        return blocks;
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private final class Session implements FeatureCache {

        private final LowPass lowPass;
        private final List<Probe> probing;

        Session(Generation generation) {
            Shape latents = generation.latents();
            lowPass = new LowPass(generation.memory(), (int) latents.get(3), (int) latents.get(4), LFCache.PAPER_MASK);
            probing = probes.stream()
                    .map(recorded -> new Probe(generation, recorded))
                    .toList();
        }

        @Override
        public NDArray predict(Step step, Prediction prediction) {
            NDArray now = prediction.compute();
            if (sigmas.isEmpty()) {
                sigmas.add(step.sigma());
            }
            sigmas.add(step.nextSigma());
            probing.forEach(probe -> probe.measure(prediction));
            if (!predictions.isEmpty()) {
                compare(now, predictions.get(predictions.size() - 1));
            }
            predictions.add(Arrays.keep(now.duplicate(), owner));
            return now;
        }

        private void compare(NDArray now, NDArray before) {
            NDArray difference = now.sub(before);
            NDArray low = lowPass.low(difference);
            distances.whole().add(rootMeanSquare(difference));
            distances.low().add(rootMeanSquare(low));
            distances.high().add(rootMeanSquare(difference.sub(low)));
        }

        @Override
        public Features blocks(Step step, Branch branch, BlockStack stack) {
            if (branch != Branch.CONDITIONED) {
                return stack.runAll();
            }
            List<Double> added = new ArrayList<>();
            Features in = stack.input();
            for (int block = 0; block < stack.depth(); block++) {
                Features out = stack.run(block, block + 1, in);
                try (NDArray difference = out.video().sub(in.video())) {
                    added.add(Norms.norm(difference) / Norms.norm(in.video()));
                }
                if (block > 0) {
                    in.free();
                }
                in = out;
            }
            blocks.add(added);
            return in;
        }
    }

    /** The results of one probe size, and its last probe. */
    private record Recorded(Downsampling downsampling, ProbeDistances found, KeptFeatures before) {

        Recorded(Resolution resolution, NDManager owner) {
            this(
                    resolution.downsampling(),
                    new ProbeDistances(resolution.label(), new ArrayList<>(), new ArrayList<>()),
                    new KeptFeatures(owner));
        }
    }

    /** One probe size over the steps of an expert. */
    private final class Probe {

        private final Recorded recorded;
        private final Shape small;
        private final LowPass lowPass;

        Probe(Generation generation, Recorded recorded) {
            this.recorded = recorded;
            small = recorded.downsampling()
                    .small(generation.latents(), generation.model().patch());
            lowPass = new LowPass(generation.memory(), (int) small.get(3), (int) small.get(4), LFCache.PAPER_MASK);
        }

        void measure(Prediction prediction) {
            Downsampling downsampling = recorded.downsampling();
            NDArray probe = prediction.probe(latents -> downsampling.apply(latents, small));
            if (!recorded.before().isEmpty()) {
                NDArray cached = downsampling.apply(predictions.get(predictions.size() - 1), small);
                recorded.found().cached().add(lowPass.rms(probe.sub(cached)));
                recorded.found()
                        .trial()
                        .add(lowPass.rms(probe.sub(recorded.before().array())));
            }
            recorded.before().set(probe.duplicate());
        }
    }

    static double rootMeanSquare(NDArray array) {
        return Norms.norm(array) / Math.sqrt((double) array.size());
    }
}
