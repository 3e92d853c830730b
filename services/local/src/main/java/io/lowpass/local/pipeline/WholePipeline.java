package io.lowpass.local.pipeline;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.Clip;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.TextToVideoPipeline;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.vae.Pixels;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.Map;

/** From a prompt to frames, in this process. */
public final class WholePipeline implements AutoCloseable {

    private static final int FRAME_AXIS = 2;

    private final TextToVideoPipeline models;
    private final VideoVae vae;

    private WholePipeline(TextToVideoPipeline models, VideoVae vae) {
        this.models = models;
        this.vae = vae;
    }

    /**
     * Opens every component of a folder.
     *
     * @throws IllegalArgumentException naming the folder, file, setting or parameter that is missing or wrong
     */
    public static WholePipeline open(Path path, Precision precision) {
        VideoModel folder = Families.open(path);
        TextToVideoPipeline models = TextToVideoPipeline.open(folder, Device.cpu(), precision);
        try {
            return new WholePipeline(models, TextToVideoPipeline.openVae(folder, Device.cpu(), precision));
        } catch (IllegalArgumentException e) {
            models.close();
            throw e;
        }
    }

    /** Cleans, tokenizes and encodes a prompt. */
    public PromptEmbedding encode(NDManager owner, Branch branch, String prompt) {
        return models.prompts().encode(owner, branch, prompt);
    }

    /** The denoiser. */
    public VideoTransformer transformer() {
        return models.transformer();
    }

    /** Settings of the folder's scheduler. */
    public Map<String, Object> schedulerConfig() {
        return models.model().schedulerConfig();
    }

    /**
     * The shape of the latents of a video.
     *
     * @throws IllegalArgumentException if the model cannot make it
     */
    public Shape latents(int height, int width, int frames) {
        return models.limits().latents(height, width, frames);
    }

    /** What the model can make, how it is guided and what it costs. */
    public VideoModel model() {
        return models.model();
    }

    /** Decodes latents, frame by frame: uint8, shape (frames, 3, height, width). */
    public NDArray frames(NDManager owner, NDArray latents, Clip clip) {
        NDList frames = new NDList();
        try (VideoDecoding video = vae.decode(clip)) {
            for (NDArray frame : latents.split(latents.getShape().get(FRAME_AXIS), FRAME_AXIS)) {
                video.next(owner, frame).ifPresent(decoded -> frames.add(Pixels.levels(owner, decoded)));
            }
        }
        return NDArrays.concat(frames);
    }

    @Override
    public void close() {
        models.close();
        vae.close();
    }
}
