package io.lowpass.models.hunyuan;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.Clip;
import io.lowpass.diffusion.Conditioning;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.Signal;
import io.lowpass.diffusion.SubLayer;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.models.TokenGrid;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The text-to-video transformer of HunyuanVideo (Kong et al., 2024), computing what diffusers'
 * {@code HunyuanVideoTransformer3DModel} computes.
 *
 * <p>Latents and prompts may be on any device; predictions are f32 and on the device of the latents.
 */
public final class HunyuanTransformer implements VideoTransformer {

    /** The scale on which the model was told of guidance, as of time. */
    private static final double TRAINING_SCALE = 1000;

    private final HunyuanConfig config;
    private final NDManager memory;
    private final Kernels kernels;
    private final HunyuanWeights weights;
    private final NDArray none;

    private HunyuanTransformer(HunyuanConfig config, NDManager memory, HunyuanWeights weights, Kernels kernels) {
        this.config = config;
        this.memory = memory;
        this.weights = weights;
        this.kernels = kernels;
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
        NDManager memory = NDManager.newBaseManager(device, "PyTorch");
        Kernels kernels = Kernels.compile(HunyuanTransformer.class, "hunyuan.torchscript");
        try (Weights weights = Weights.open(folder, HunyuanArchitecture.of(config), memory, precision)) {
            HunyuanWeights taken = HunyuanWeights.take(weights, config, memory, kernels, precision);
            return new HunyuanTransformer(config, memory, taken, kernels);
        } catch (IllegalArgumentException e) {
            kernels.close();
            memory.close();
            throw e;
        }
    }

    @Override
    public int depth() {
        return config.depth();
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
    public Conditioning condition(NDManager owner, PromptEmbedding prompt, Clip clip) {
        return condition(owner, prompt, clip, prompt.length());
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, Clip clip) {
        return step(latents, timestep);
    }

    @Override
    public void close() {
        memory.close();
        kernels.close();
    }

    /**
     * Prepares a prompt.
     *
     * @param rows rows to compute, those of the prompt and any number of its padding
     */
    HunyuanConditioning condition(NDManager owner, PromptEmbedding prompt, Clip clip, long rows) {
        NDArray pooled = requireFit(prompt);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            int length = prompt.length();
            NDArray words = kernels.call(owner, "words", prompt.states(), rows, weights.words());
            NDArray mask = rows == length ? none : kernels.call(owner, "refiner_mask", words, length);
            List<NDArray> attention = weights.refiners().stream()
                    .limit(1)
                    .map(refiner -> kernels.call(owner, "refiner_attention", words, refiner, mask, config.heads()))
                    .toList();
            NDArray summary = kernels.call(owner, "summary", prompt.states(), length, weights.textSummary());
            NDArray whole = kernels.call(owner, "pooled", pooled, weights.pooled());
            if (config.guidanceEmbedded()) {
                double guidance = clip.guidance() * TRAINING_SCALE;
                whole = kernels.call(
                        owner, "sum", whole, kernels.call(owner, "embedded_number", guidance, weights.guidance()));
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
        TokenGrid grid = TokenGrid.of(latents.getShape(), config.inChannels(), config.patch(), Integer.MAX_VALUE);
        NDManager owner = latents.getManager();
        NDArray tokens = kernels.call(
                owner,
                "patches",
                latents,
                weights.patch().get(0),
                weights.patch().get(1),
                patchSizes());
        return new HunyuanStep(
                this,
                latents,
                grid,
                kernels.call(owner, "embedded_number", timestep, weights.time()),
                kernels.call(owner, "embedded_number", timestep, weights.textTime()),
                tokens,
                kernels.call(owner, "turns", tokens, grid.sizes(), rotaryWidths(), config.rotaryTheta()));
    }

    /** What is added to the scores of joint attention; empty if no row of the prompt is padding. */
    NDArray jointMask(NDManager owner, HunyuanConditioning prompt, long tokens) {
        return prompt.rows() == prompt.length()
                ? none
                : kernels.call(owner, "joint_mask", prompt.words(), tokens, prompt.length());
    }

    Kernels kernels() {
        return kernels;
    }

    HunyuanWeights weights() {
        return weights;
    }

    long[] patchSizes() {
        return sizes(config.patch());
    }

    private long[] rotaryWidths() {
        return sizes(config.rotaryWidths());
    }

    private static long[] sizes(List<Integer> axes) {
        return axes.stream().mapToLong(Integer::longValue).toArray();
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
