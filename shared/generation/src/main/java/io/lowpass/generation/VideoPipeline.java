package io.lowpass.generation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.TokenCount;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.diffusion.steps.StepReport;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.TextToVideoPipeline;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.vae.Pixels;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Opening;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The complete pipeline from a plan to frames: {@link LatentPipeline}, then the autoencoder. */
public final class VideoPipeline implements AutoCloseable {

    private static final int CHANNELS = 3;
    private static final int FRAME_AXIS = 2;
    private static final double NANOS_PER_MS = 1e6;

    private final LatentPipeline latents;
    private final VideoVae vae;

    private VideoPipeline(LatentPipeline latents, VideoVae vae) {
        this.latents = latents;
        this.vae = vae;
    }

    /**
     * Opens every component of a folder.
     *
     * @throws IllegalArgumentException naming the folder, file, setting or parameter that is missing or wrong
     */
    public static VideoPipeline open(Path path, Precision precision) {
        VideoModel folder = Families.open(path);
        try (Opening opening = new Opening()) {
            LatentPipeline latents = LatentPipeline.open(folder, Device.cpu(), precision);
            opening.opened(latents::close);
            return opening.done(
                    new VideoPipeline(latents, TextToVideoPipeline.openVae(folder, Device.cpu(), precision)));
        }
    }

    /** The part that generates the latents. */
    public LatentPipeline latents() {
        return latents;
    }

    /** The model with its limits, guidance and cost. */
    public VideoModel model() {
        return latents.model();
    }

    /** Configuration of the folder's scheduler. */
    public Map<String, Object> schedulerConfig() {
        return model().schedulerConfig();
    }

    /**
     * The shape of the decoded video, (frames, 3, height, width); some models round it down to whole latent cells.
     *
     * @throws IllegalArgumentException if the model cannot make it
     */
    public Shape decoded(Size size, int frames) {
        Shape shape = model().limits().latents(size.height(), size.width(), frames);
        return new Shape(frames, CHANNELS, shape.get(3) * vae.spatialFactor(), shape.get(4) * vae.spatialFactor());
    }

    /**
     * Decodes latents, frame by frame.
     *
     * @param encoded shape (1, channels, frames, height, width), f32
     * @return uint8, shape (frames, 3, height, width), which belongs to {@code owner}
     */
    public NDArray decode(NDManager owner, NDArray encoded, VideoSpec spec) {
        try (NDScope scope = new NDScope();
                VideoDecoding video = vae.decode(spec)) {
            scope.suppressNotUsedWarning();
            NDList frames = new NDList();
            for (NDArray frame : encoded.split(encoded.getShape().get(FRAME_AXIS), FRAME_AXIS)) {
                video.next(owner, frame).ifPresent(decoded -> frames.add(Pixels.levels(owner, decoded)));
            }
            return Arrays.keep(NDArrays.concat(frames), owner);
        }
    }

    /**
     * Generates frames, which belong to {@code owner}, and measures the time of each stage, prompt encoding included.
     *
     * @throws IllegalArgumentException as {@link LatentPipeline#generate}
     */
    public GeneratedVideo generate(NDManager owner, VideoPlan plan, ProgressListener listener) {
        latents.clearPrompts();
        try (Latents made = latents.generate(plan, listener)) {
            long decoding = System.nanoTime();
            NDArray frames = decode(owner, made.frames(), plan.spec());
            return new GeneratedVideo(
                    frames,
                    made.reports(),
                    made.encodeMs(),
                    made.denoiseMs(),
                    (System.nanoTime() - decoding) / NANOS_PER_MS,
                    macs(plan, made));
        }
    }

    private double macs(VideoPlan plan, Latents made) {
        int promptRows = latents.encode(Branch.CONDITIONED, plan).length();
        List<StepReport> reports = made.reports();
        return model().cost(promptRows)
                .of(
                        reports.stream().map(StepReport::work).reduce(Work.NONE, Work::plus),
                        TokenCount.of(
                                made.frames().getShape(), latents.transformer().patch()));
    }

    @Override
    public void close() {
        latents.close();
        vae.close();
    }
}
