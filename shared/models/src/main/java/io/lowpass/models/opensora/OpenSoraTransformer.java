package io.lowpass.models.opensora;

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
import java.util.Set;

/**
 * The transformer of Open-Sora 1.2, computing what the official {@code STDiT3} computes: blocks that attend within a
 * frame and blocks that attend across frames take turns, each counted as one block.
 *
 * <p>Latents and prompts may be on any device; predictions are f32 and on the device of the latents. Latents may have
 * any size: they are padded to whole patches, and predictions cut to size again.
 */
public final class OpenSoraTransformer implements VideoTransformer {

    /** Compiled once in a process: no state. */
    static final Kernels KERNELS = Kernels.compile(OpenSoraTransformer.class, "stdit3.torchscript");

    private final OpenSoraConfig config;
    private final NDManager memory;
    private final OpenSoraLayout weights;
    private final NDArray tables;
    private final NDArray unit;
    private final NDArray headUnit;

    private OpenSoraTransformer(OpenSoraConfig config, Weights weights) {
        this.config = config;
        this.memory = weights.owner();
        this.weights = Parameters.take(weights, parameters -> OpenSoraLayout.of(parameters, config));
        this.tables = this.weights.tables().get(0).reshape(config.depth(), 6, config.width());
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
    public static OpenSoraTransformer load(Path folder, Precision precision, Device device) {
        OpenSoraConfig config = OpenSoraConfig.read(folder);
        return Weights.load(
                folder,
                OpenSoraLayout.architecture(config),
                device,
                precision,
                weights -> new OpenSoraTransformer(config, weights));
    }

    @Override
    public int depth() {
        return config.depth();
    }

    @Override
    public Set<SubLayer> subLayers() {
        return Set.of(
                SubLayer.SPATIAL_ATTENTION,
                SubLayer.TEMPORAL_ATTENTION,
                SubLayer.CROSS_ATTENTION,
                SubLayer.FEED_FORWARD);
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
    public OpenSoraConfig config() {
        return config;
    }

    /** Captions do not depend on the video. */
    @Override
    public Conditioning condition(NDManager owner, PromptEmbedding prompt, VideoSpec spec) {
        return condition(owner, prompt);
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        MicroConditions micro = MicroConditions.of(spec);
        return step(latents, micro, time(latents.getManager(), timestep, micro));
    }

    @Override
    public void close() {
        memory.close();
    }

    OpenSoraConditioning condition(NDManager owner, PromptEmbedding prompt) {
        prompt.requireFit(config.captionWidth(), 1);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray context = context(owner, prompt);
            List<NDArray> keys = new ArrayList<>();
            List<NDArray> values = new ArrayList<>();
            for (OpenSoraLayout.Block block : weights.blocks()) {
                List<NDArray> pair = KERNELS.callAll(owner, "prompt", context, block.prompt(), config.heads());
                keys.add(Arrays.keep(pair.get(0), owner));
                values.add(Arrays.keep(pair.get(1), owner));
            }
            return new OpenSoraConditioning(keys, values);
        }
    }

    /** The embedding of timestep and frame rate, its projection, and the part of the frame rate in it. */
    List<NDArray> time(NDManager owner, double timestep, MicroConditions micro) {
        return KERNELS.callAll(
                owner, "time", timestep, micro.fps(), weights.time(), weights.rate(), weights.modulation());
    }

    /** A caption's rows without its padding, projected to the width of the tokens. */
    NDArray context(NDManager owner, PromptEmbedding prompt) {
        return KERNELS.call(owner, "caption", prompt.states(), weights.caption(), prompt.length());
    }

    /** Embeds latents at a time that is already embedded. */
    OpenSoraStep step(NDArray latents, MicroConditions micro, List<NDArray> time) {
        TokenGrid grid = TokenGrid.covering(latents.getShape(), config.inChannels(), config.patch());
        NDManager owner = latents.getManager();
        long[] padding = grid.padding(latents.getShape());
        NDArray patches =
                KERNELS.call(owner, "patches", latents, weights.patch(), padding, grid.sizes(), grid.patchSizes());
        NDArray positions = OpenSoraPositions.table(owner, config, grid, micro);
        NDArray tokens = KERNELS.call(owner, "placed", patches, positions, grid.frames());
        patches.close();
        return new OpenSoraStep(
                this,
                latents,
                grid,
                time,
                tokens,
                KERNELS.call(owner, "turns", weights.frequencies().get(0), grid.frames()),
                KERNELS.call(owner, "modulations", tables, unit, time.get(1)),
                KERNELS.call(owner, "head_modulation", weights.tables().get(1), headUnit, time.get(0)));
    }

    OpenSoraLayout weights() {
        return weights;
    }
}
