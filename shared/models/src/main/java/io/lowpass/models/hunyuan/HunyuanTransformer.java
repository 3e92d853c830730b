package io.lowpass.models.hunyuan;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.Parameters;
import io.lowpass.models.TokenGrid;
import io.lowpass.models.transformer.EmbeddedVideo;
import io.lowpass.models.transformer.PatchTransformer;
import io.lowpass.models.transformer.TokenPass;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The text-to-video transformer of HunyuanVideo (Kong et al., 2024), computing what diffusers'
 * {@code HunyuanVideoTransformer3DModel} computes.
 */
public final class HunyuanTransformer extends PatchTransformer<HunyuanConfig> {

    /** Compiled once in a process: no state. */
    static final Kernels KERNELS = Kernels.compile(HunyuanTransformer.class, "hunyuan.torchscript");

    /** The scale of the guidance input, as of the time input. */
    private static final double TRAINING_SCALE = 1000;

    private final HunyuanLayout weights;
    private final NDArray none;

    private HunyuanTransformer(HunyuanConfig config, Weights weights) {
        super(config, KERNELS, weights.owner());
        this.weights = Parameters.take(weights, parameters -> HunyuanLayout.of(parameters, config));
        this.none = weights.owner().create(new Shape(0));
    }

    /** Loads a component folder, see {@link PatchTransformer}. */
    public static HunyuanTransformer load(Path folder, Precision precision, Device device) {
        return load(folder, HunyuanConfig::of, precision, device, HunyuanTransformer::new);
    }

    @Override
    public List<Integer> lists() {
        return Stream.of(config().doubles(), config().singles())
                .filter(length -> length > 0)
                .toList();
    }

    @Override
    public Set<SubLayer> subLayers() {
        return Set.of(SubLayer.SELF_ATTENTION, SubLayer.FEED_FORWARD);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if states or pooled state are missing or of another width
     */
    @Override
    public Conditioning condition(NDManager owner, PromptEmbedding prompt, VideoSpec spec) {
        return condition(owner, prompt, spec, prompt.length());
    }

    @Override
    protected Conditioning inspectedCondition(NDManager owner, PromptEmbedding prompt, VideoSpec spec) {
        return condition(owner, prompt, spec, prompt.states().getShape().get(1));
    }

    /**
     * Prepares a prompt.
     *
     * @param rows rows to compute, those of the prompt and any number of its padding
     */
    HunyuanConditioning condition(NDManager owner, PromptEmbedding prompt, VideoSpec spec, long rows) {
        NDArray pooled = requireFit(prompt);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            int length = prompt.length();
            NDArray words = call(owner, "words", prompt.states(), rows, weights.words());
            NDArray mask = rows == length ? none : call(owner, "refiner_mask", words, length);
            List<NDArray> attention = weights.refiners().stream()
                    .limit(1)
                    .map(refiner ->
                            call(owner, "refiner_attention", words, refiner.attention(), mask, config().heads()))
                    .toList();
            NDArray summary = call(owner, "summary", prompt.states(), length, weights.textSummary());
            NDArray whole = call(owner, "pooled", pooled, weights.pooled());
            if (config().guidanceEmbedded()) {
                double guidance = spec.guidance() * TRAINING_SCALE;
                whole = call(owner, "sum", whole, call(owner, "embedded_number", guidance, weights.guidance()));
            }
            attention.forEach(array -> Arrays.keep(array, owner));
            return new HunyuanConditioning(
                    Arrays.keep(words, owner),
                    attention,
                    Arrays.keep(summary, owner),
                    Arrays.keep(whole, owner),
                    length,
                    rows == length ? none : Arrays.keep(mask, owner));
        }
    }

    @Override
    protected EmbeddedVideo embedded(NDArray latents, double timestep, VideoSpec spec) {
        HunyuanConfig config = config();
        TokenGrid grid = TokenGrid.of(latents.getShape(), config.inChannels(), config.patch());
        NDManager owner = latents.getManager();
        NDArray tokens = call(
                owner,
                "patches",
                latents,
                weights.patch().get(0),
                weights.patch().get(1),
                grid.patchSizes());
        long[] widths =
                config.rotaryWidths().stream().mapToLong(Integer::longValue).toArray();
        return new EmbeddedVideo(
                latents,
                grid,
                List.of(
                        call(owner, "embedded_number", timestep, weights.time()),
                        call(owner, "embedded_number", timestep, weights.textTime())),
                tokens,
                call(owner, "rotary_embedding", tokens, grid.sizes(), widths, config.rotaryTheta()),
                none,
                none);
    }

    @Override
    protected TokenPass<?> pass(EmbeddedVideo video, Conditioning conditioning) {
        return new HunyuanPass(this, video, (HunyuanConditioning) conditioning);
    }

    /** What is added to the scores of joint attention; empty if no row of the prompt is padding. */
    NDArray jointMask(NDManager owner, HunyuanConditioning prompt, long tokens) {
        return prompt.rows() == prompt.length()
                ? none
                : call(owner, "joint_mask", prompt.words(), tokens, prompt.length());
    }

    HunyuanLayout weights() {
        return weights;
    }

    private NDArray requireFit(PromptEmbedding prompt) {
        prompt.requireFit(config().textWidth(), 1);
        Shape expected = new Shape(1, config().pooledWidth());
        return prompt.pooled()
                .filter(state -> state.getShape().equals(expected))
                .orElseThrow(() -> new IllegalArgumentException("pooled state has shape "
                        + prompt.pooled().map(NDArray::getShape).orElse(new Shape()) + ", expected " + expected));
    }
}
