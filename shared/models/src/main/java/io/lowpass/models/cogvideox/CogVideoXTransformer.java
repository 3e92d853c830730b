package io.lowpass.models.cogvideox;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
import io.lowpass.models.cogvideox.CogVideoXConfig.Positions;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The transformer of CogVideoX (Yang et al., 2024, section 2.2), versions 1.0 and 1.5, computing what diffusers'
 * {@code CogVideoXTransformer3DModel} computes.
 *
 * <p>Latents and prompts may be on any device; predictions are f32 and on the device of the latents.
 */
public final class CogVideoXTransformer implements VideoTransformer {

    /** Compiled once in a process: no state. */
    static final Kernels KERNELS = Kernels.compile(CogVideoXTransformer.class, "cogvideox.torchscript");

    private final CogVideoXConfig config;
    private final NDManager memory;
    private final CogVideoXLayout weights;

    private CogVideoXTransformer(CogVideoXConfig config, Weights weights) {
        this.config = config;
        this.memory = weights.owner();
        this.weights = Parameters.take(weights, parameters -> CogVideoXLayout.of(parameters, config));
    }

    /**
     * Loads a component folder: {@code config.json} and safetensors, which stay mapped where they are stored in the
     * precision of the computation.
     *
     * @param device where to compute
     * @throws IllegalArgumentException if the configuration is not supported, or files and configuration differ
     */
    public static CogVideoXTransformer load(Path folder, Precision precision, Device device) {
        CogVideoXConfig config = CogVideoXConfig.read(folder);
        return Weights.load(
                folder,
                CogVideoXLayout.architecture(config),
                device,
                precision,
                weights -> new CogVideoXTransformer(config, weights));
    }

    @Override
    public int depth() {
        return config.blocks().depth();
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
    public Signal indicator() {
        return Signal.TIME;
    }

    @Override
    public List<Integer> patch() {
        return config.patch();
    }

    /** The model's configuration. */
    public CogVideoXConfig config() {
        return config;
    }

    @Override
    public Conditioning condition(NDManager owner, PromptEmbedding prompt, VideoSpec spec) {
        prompt.requireFit(config.text().width(), 0);
        Shape shape = prompt.states().getShape();
        // Where positions are added, they are laid out for a fixed number of rows; rotation leaves text alone.
        if (config.position().kind() != Positions.ROTARY
                && shape.get(1) != config.text().rows()) {
            throw new IllegalArgumentException("text states have shape " + shape + ", expected (1, "
                    + config.text().rows() + ", " + config.text().width() + ")");
        }
        NDArray text = KERNELS.call(owner, "text", prompt.states(), weights.text());
        return new CogVideoXConditioning(Arrays.keep(text, owner));
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        return step(latents, timestep);
    }

    @Override
    public void close() {
        memory.close();
    }

    CogVideoXStep step(NDArray latents, double timestep) {
        TokenGrid grid = CogVideoXPositions.grid(config, latents.getShape());
        NDManager owner = latents.getManager();
        NDArray time = KERNELS.call(
                owner,
                "time_embedding",
                timestep,
                config.width(),
                config.timestep().frequencyShift(),
                config.timestep().cosineFirst(),
                weights.time());
        Optional<NDArray> learned = weights.positions().stream()
                .findFirst()
                .filter(table -> config.sample().has(latents.getShape().get(2)));
        return new CogVideoXStep(
                this,
                latents,
                grid,
                time,
                tokens(latents, grid, learned),
                turns(owner, grid),
                KERNELS.call(owner, "modulations", time, weights.modulators(), weights.norms()),
                KERNELS.call(owner, "head_modulation", time, weights.headModulator()),
                learned.map(table ->
                        KERNELS.call(owner, "rows", table, 0, config.text().rows())));
    }

    /** Rotary factors of a grid, shape (1, tokens, 1, head width / 2), complex; empty without rotation. */
    NDArray turns(NDManager owner, TokenGrid grid) {
        if (config.position().kind() == Positions.SINUSOIDAL) {
            return owner.create(new Shape(0));
        }
        CogVideoXRotary rotary = CogVideoXRotary.of(config, grid);
        return KERNELS.call(
                owner,
                "turns",
                angles(owner, rotary.frames()),
                angles(owner, rotary.height()),
                angles(owner, rotary.width()));
    }

    CogVideoXLayout weights() {
        return weights;
    }

    private NDArray angles(NDManager owner, CogVideoXRotary.Axis axis) {
        return KERNELS.call(
                owner, "angles", weights.patch().get(1), axis.first(), axis.last(), axis.count(), axis.share());
    }

    private NDArray tokens(NDArray latents, TokenGrid grid, Optional<NDArray> learned) {
        NDManager owner = latents.getManager();
        NDArray weight = weights.patch().get(0);
        NDArray bias = weights.patch().get(1);
        if (config.position().kind() == Positions.ROTARY) {
            return KERNELS.call(owner, "tokens", latents, weight, bias, grid.patchSizes());
        }
        if (learned.isPresent()) {
            return KERNELS.call(
                    owner,
                    "tokens_with_table",
                    latents,
                    weight,
                    bias,
                    grid.patchSizes(),
                    learned.get(),
                    config.text().rows());
        }
        return KERNELS.call(
                owner,
                "tokens_with_waves",
                latents,
                weight,
                bias,
                grid.patchSizes(),
                grid.sizes(),
                config.position().spatialScale(),
                config.position().temporalScale());
    }
}
