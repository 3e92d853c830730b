package io.lowpass.models.hunyuan;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.Conditioning;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.Signal;
import io.lowpass.diffusion.SubLayer;
import io.lowpass.diffusion.VideoSpec;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.models.Parameters;
import io.lowpass.models.TokenGrid;
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
 *
 * <p>Latents and prompts may be on any device; predictions are f32 and on the device of the latents.
 */
public final class HunyuanTransformer implements VideoTransformer {

    /** Compiled once in a process: no state. */
    static final Kernels KERNELS = Kernels.compile(HunyuanTransformer.class, "hunyuan.torchscript");

    /** The scale on which the model was told of guidance, as of time. */
    private static final double TRAINING_SCALE = 1000;

    private final HunyuanConfig config;
    private final NDManager memory;
    private final HunyuanLayout weights;
    private final NDArray none;

    private HunyuanTransformer(HunyuanConfig config, Weights weights) {
        this.config = config;
        this.memory = weights.owner();
        this.weights = Parameters.take(weights, parameters -> HunyuanLayout.of(parameters, config));
        this.none = memory.create(new Shape(0));
    }

    /**
     * Loads a component folder: {@code config.json} and safetensors, which stay mapped where they are stored in the
     * precision of the computation.
     *
     * @param device where to compute
     * @throws IllegalArgumentException if the configuration is not supported, or files and configuration differ
     */
    public static HunyuanTransformer load(Path folder, Precision precision, Device device) {
        HunyuanConfig config = HunyuanConfig.read(folder);
        return Weights.load(
                folder,
                HunyuanLayout.architecture(config),
                device,
                precision,
                weights -> new HunyuanTransformer(config, weights));
    }

    @Override
    public int depth() {
        return config.depth();
    }

    @Override
    public List<Integer> lists() {
        return Stream.of(config.doubles(), config.singles())
                .filter(length -> length > 0)
                .toList();
    }

    @Override
    public Set<SubLayer> subLayers() {
        return Set.of(SubLayer.SELF_ATTENTION, SubLayer.FEED_FORWARD);
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.values());
    }

    @Override
    public List<Integer> patch() {
        return config.patch();
    }

    /** The model's configuration. */
    public HunyuanConfig config() {
        return config;
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
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        return step(latents, timestep);
    }

    @Override
    public void close() {
        memory.close();
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
            NDArray words = KERNELS.call(owner, "words", prompt.states(), rows, weights.words());
            NDArray mask = rows == length ? none : KERNELS.call(owner, "refiner_mask", words, length);
            List<NDArray> attention = weights.refiners().stream()
                    .limit(1)
                    .map(refiner ->
                            KERNELS.call(owner, "refiner_attention", words, refiner.attention(), mask, config.heads()))
                    .toList();
            NDArray summary = KERNELS.call(owner, "summary", prompt.states(), length, weights.textSummary());
            NDArray whole = KERNELS.call(owner, "pooled", pooled, weights.pooled());
            if (config.guidanceEmbedded()) {
                double guidance = spec.guidance() * TRAINING_SCALE;
                whole = KERNELS.call(
                        owner, "sum", whole, KERNELS.call(owner, "embedded_number", guidance, weights.guidance()));
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

    HunyuanStep step(NDArray latents, double timestep) {
        TokenGrid grid = TokenGrid.of(latents.getShape(), config.inChannels(), config.patch());
        NDManager owner = latents.getManager();
        NDArray tokens = KERNELS.call(
                owner,
                "patches",
                latents,
                weights.patch().get(0),
                weights.patch().get(1),
                grid.patchSizes());
        long[] rotary =
                config.rotaryWidths().stream().mapToLong(Integer::longValue).toArray();
        return new HunyuanStep(
                this,
                latents,
                grid,
                KERNELS.call(owner, "embedded_number", timestep, weights.time()),
                KERNELS.call(owner, "embedded_number", timestep, weights.textTime()),
                tokens,
                KERNELS.call(owner, "turns", tokens, grid.sizes(), rotary, config.rotaryTheta()));
    }

    /** What is added to the scores of joint attention; empty if no row of the prompt is padding. */
    NDArray jointMask(NDManager owner, HunyuanConditioning prompt, long tokens) {
        return prompt.rows() == prompt.length()
                ? none
                : KERNELS.call(owner, "joint_mask", prompt.words(), tokens, prompt.length());
    }

    HunyuanLayout weights() {
        return weights;
    }

    private NDArray requireFit(PromptEmbedding prompt) {
        prompt.requireFit(config.textWidth(), 1);
        Shape expected = new Shape(1, config.pooledWidth());
        return prompt.pooled()
                .filter(state -> state.getShape().equals(expected))
                .orElseThrow(() -> new IllegalArgumentException("pooled state has shape "
                        + prompt.pooled().map(NDArray::getShape).orElse(new Shape()) + ", expected " + expected));
    }
}
