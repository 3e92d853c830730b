package io.lowpass.models.wan;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The transformer of Wan 2.1 and of an expert of Wan 2.2 (Wan Team, 2025), computing what diffusers'
 * {@code WanTransformer3DModel} computes. With an image, what is known of the video's frames is appended to the channels
 * of the latents, and every block of Wan 2.1 attends to the image's states as well as to the prompt.
 *
 * <p>Latents and prompts may be on any device; predictions are f32 and on the device of the latents.
 */
public final class WanTransformer implements VideoTransformer {

    /** Compiled once in a process: no state. */
    static final Kernels KERNELS = Kernels.compile(WanTransformer.class, "wan.torchscript");

    private final WanConfig config;
    private final NDManager memory;
    private final WanLayout weights;
    private final WanRotary rotary;
    private final NDArray unit;
    private final NDArray headUnit;

    private WanTransformer(WanConfig config, Weights weights) {
        this.config = config;
        this.memory = weights.owner();
        this.weights = Parameters.take(weights, parameters -> WanLayout.of(parameters, config));
        this.rotary = WanRotary.of(config, memory);
        this.unit = memory.create(new float[] {0, 1, 0, 0, 1, 0}, new Shape(6, 1));
        this.headUnit = memory.create(new float[] {0, 1}, new Shape(2, 1));
    }

    /**
     * Loads a component folder: {@code config.json} and safetensors, which stay mapped where they are stored in the
     * precision of the computation.
     *
     * @param device where to compute
     * @throws IllegalArgumentException if the configuration is not supported, or files and configuration differ
     */
    public static WanTransformer load(Path folder, Precision precision, Device device) {
        WanConfig config = WanConfig.read(folder);
        return Weights.load(
                folder,
                WanLayout.architecture(config),
                device,
                precision,
                weights -> new WanTransformer(config, weights));
    }

    @Override
    public int depth() {
        return config.depth();
    }

    @Override
    public Set<SubLayer> subLayers() {
        return Set.of(SubLayer.SELF_ATTENTION, SubLayer.CROSS_ATTENTION, SubLayer.FEED_FORWARD);
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.values());
    }

    @Override
    public Signal indicator() {
        return Signal.TIME;
    }

    @Override
    public List<Integer> patch() {
        return config.patch();
    }

    /** The model's configuration. */
    public WanConfig config() {
        return config;
    }

    @Override
    public Conditioning condition(NDManager owner, PromptEmbedding prompt, VideoSpec spec) {
        prompt.requireFit(config.textWidth(), 0);
        long rows = prompt.states().getShape().get(1);
        long padding = rows - prompt.length();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray context = context(owner, prompt.states(), Math.min(rows, prompt.length() + 1L));
            NDArray bias = KERNELS.call(owner, "padding", context, padding > 0 ? Math.log((double) padding) : 0.0);
            Optional<NDArray> image = config.image()
                    .map(settings ->
                            KERNELS.call(owner, "image", WanCondition.states(settings, spec), weights.image()));
            List<List<NDArray>> blocks = new ArrayList<>();
            for (WanLayout.Block block : weights.blocks()) {
                List<NDArray> made = new ArrayList<>(keysValues(owner, context, block.prompt()));
                made.add(bias);
                image.ifPresent(states -> made.addAll(keysValues(owner, states, block.image())));
                made.forEach(array -> Arrays.keep(array, owner));
                blocks.add(List.copyOf(made));
            }
            return new WanConditioning(List.copyOf(blocks));
        }
    }

    private List<NDArray> keysValues(NDManager owner, NDArray states, List<NDArray> projections) {
        return KERNELS.callAll(owner, "prompt", states, projections, config.heads(), config.epsilon());
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        return step(latents, time(latents.getManager(), timestep), spec);
    }

    @Override
    public void close() {
        memory.close();
    }

    /** The timestep's embedding and its projection. */
    List<NDArray> time(NDManager owner, double timestep) {
        return KERNELS.callAll(owner, "time_embedding", timestep, weights.time());
    }

    /** The first rows of a prompt, projected to the width of the tokens. */
    NDArray context(NDManager owner, NDArray states, long rows) {
        return KERNELS.call(owner, "text", states, weights.text(), rows);
    }

    /** Rotary tables of a grid: cosines and sines, shape (1, tokens, 1, head width). */
    List<NDArray> rotary(NDManager owner, TokenGrid grid) {
        long[] widths = rotary.widths().stream().mapToLong(Long::longValue).toArray();
        return KERNELS.callAll(owner, "rotary", rotary.cos(), rotary.sin(), grid.sizes(), widths);
    }

    /** Embeds latents at a time that is already embedded. */
    WanStep step(NDArray latents, List<NDArray> time, VideoSpec spec) {
        TokenGrid grid = TokenGrid.of(latents.getShape(), config.outChannels(), config.patch())
                .requireAtMost(config.longestAxis());
        NDManager owner = latents.getManager();
        List<NDArray> tables = rotary(owner, grid);
        return new WanStep(
                this,
                latents,
                grid,
                time,
                KERNELS.call(
                        owner,
                        "patches",
                        WanCondition.appended(config, latents, spec),
                        weights.patch().get(0),
                        weights.patch().get(1),
                        grid.patchSizes()),
                KERNELS.call(owner, "turns", tables.get(0), tables.get(1)),
                KERNELS.call(owner, "modulations", weights.tables().get(0), unit, time.get(1)),
                KERNELS.call(owner, "head_modulation", weights.tables().get(1), headUnit, time.get(0)));
    }

    WanLayout weights() {
        return weights;
    }
}
