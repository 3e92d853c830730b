package io.lowpass.models.pipeline;

import ai.djl.Device;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Precision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model folder whose settings are read and understood. Its components are opened one by one, since the services that
 * hold them differ; each is closed by who opened it.
 *
 * <p>What opens a component throws {@link IllegalArgumentException} if a parameter is missing, unexpected or misshapen.
 */
public interface VideoModel {

    /** What the model can make, and what that takes. */
    PipelineLimits limits();

    /** The scheduler's settings, for {@code io.lowpass.diffusion.schedulers.Schedulers}. */
    Map<String, Object> schedulerConfig();

    /** Multiply-adds of its transformer for a prompt of so many rows, padding not counted. */
    TransformerCost cost(int promptRows);

    /** How a guidance scale is applied: with a second branch, unless the transformer itself takes it as an input. */
    default Guidance guidance(double scale) {
        return new Guidance(scale);
    }

    /** How the guidance scales of a video are applied. */
    default Guidance guidance(VideoSpec spec) {
        Guidance guidance = guidance(spec.guidance()).dynamic(spec.useDynamicCfg());
        return spec.guidanceScale2().isPresent()
                ? guidance.withScale2(spec.guidanceScale2().getAsDouble())
                : guidance;
    }

    /** The fields of a request that it has a use for, of those that the table of request fields has for some models only. */
    default Set<String> ownFields() {
        return Set.of("negativePrompt", "flowShift");
    }

    /** Those of them that a request must have. */
    default Set<String> neededFields() {
        return Set.of();
    }

    /**
     * Opens what encodes the image that a video starts from.
     *
     * @param device where to compute
     * @param precision in which to compute
     * @return nothing where videos start from none
     */
    default Optional<ImageEncoder> openImages(Device device, Precision precision) {
        return Optional.empty();
    }

    /**
     * What a request leaves open: what the family's pipeline chooses, and what the folder's settings say.
     *
     * @throws IllegalArgumentException if what the folder says cannot be understood
     */
    PipelineDefaults defaults();

    /** The order of axes in which the family's reference lays out latents, and so draws their noise. */
    default NoiseSource.Layout layout() {
        return NoiseSource.Layout.CHANNELS_FIRST;
    }

    /**
     * The text that a branch is encoded from: the negative prompt where the branch is not the prompt's, unless a family
     * has no such thing.
     *
     * @throws IllegalArgumentException if the family has no use for the negative prompt that is given
     */
    default String text(Branch branch, String prompt, String negativePrompt) {
        return branch == Branch.CONDITIONED ? prompt : negativePrompt;
    }

    /**
     * Opens tokenizers and text encoders.
     *
     * @param device where to compute
     * @param precision in which to compute
     */
    PromptEncoder openPrompts(Device device, Precision precision);

    /**
     * Opens the denoiser.
     *
     * @param device where to compute
     * @param precision in which to compute
     */
    VideoTransformer openTransformer(Device device, Precision precision);

    /** Where the denoiser's blocks lie, those of each expert apart; none where they cannot be streamed. */
    default List<StoredBlocks> storedBlocks() {
        return List.of();
    }

    /**
     * Opens the autoencoder.
     *
     * @param device where to compute
     * @param precision in which to compute
     */
    VideoVae openVae(Device device, Precision precision);
}
