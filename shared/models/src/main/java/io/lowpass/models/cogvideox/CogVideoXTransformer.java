package io.lowpass.models.cogvideox;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.Parameters;
import io.lowpass.models.TokenGrid;
import io.lowpass.models.cogvideox.CogVideoXConfig.Positions;
import io.lowpass.models.transformer.EmbeddedVideo;
import io.lowpass.models.transformer.PatchTransformer;
import io.lowpass.models.transformer.TokenPass;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The transformer of CogVideoX (Yang et al., 2024, section 2.2), versions 1.0 and 1.5, computing what diffusers'
 * {@code CogVideoXTransformer3DModel} computes.
 */
public final class CogVideoXTransformer extends PatchTransformer<CogVideoXConfig> {

    /** Compiled once in a process: no state. */
    static final Kernels KERNELS = Kernels.compile(CogVideoXTransformer.class, "cogvideox.torchscript");

    private final CogVideoXLayout weights;

    private CogVideoXTransformer(CogVideoXConfig config, Weights weights) {
        super(config, KERNELS, weights.owner());
        this.weights = Parameters.take(weights, parameters -> CogVideoXLayout.of(parameters, config));
    }

    /** Loads a component folder, see {@link PatchTransformer}. */
    public static CogVideoXTransformer load(Path folder, Precision precision, Device device) {
        return load(folder, CogVideoXConfig::of, precision, device, CogVideoXTransformer::new);
    }

    @Override
    public Set<SubLayer> subLayers() {
        return Set.of(SubLayer.SELF_ATTENTION, SubLayer.FEED_FORWARD);
    }

    @Override
    public Signal indicator() {
        return Signal.TIME;
    }

    @Override
    public Conditioning condition(NDManager owner, PromptEmbedding prompt, VideoSpec spec) {
        prompt.requireFit(config().text().width(), 0);
        Shape shape = prompt.states().getShape();
        // Where positions are added, they are laid out for a fixed number of rows; rotation leaves text alone.
        if (config().position().kind() != Positions.ROTARY
                && shape.get(1) != config().text().rows()) {
            throw new IllegalArgumentException("text states have shape " + shape + ", expected (1, "
                    + config().text().rows() + ", " + config().text().width() + ")");
        }
        NDArray text = call(owner, "text", prompt.states(), weights.text());
        return new CogVideoXConditioning(Arrays.keep(text, owner));
    }

    @Override
    protected EmbeddedVideo embedded(NDArray latents, double timestep, VideoSpec spec) {
        CogVideoXConfig config = config();
        TokenGrid grid = CogVideoXPositions.grid(config, latents.getShape());
        NDManager owner = latents.getManager();
        NDArray time = call(
                owner,
                "time_embedding",
                timestep,
                config.width(),
                config.timestep().frequencyShift(),
                config.timestep().cosineFirst(),
                weights.time());
        return new EmbeddedVideo(
                latents,
                grid,
                List.of(time),
                tokens(latents, grid),
                rotary(owner, grid),
                call(owner, "modulations", time, weights.modulators(), weights.norms()),
                call(owner, "head_modulation", time, weights.headModulator()));
    }

    @Override
    protected TokenPass<?> pass(EmbeddedVideo video, Conditioning conditioning) {
        NDManager owner = video.latents().getManager();
        NDArray text = ((CogVideoXConditioning) conditioning).text();
        return new CogVideoXPass(
                this,
                video,
                learned(video.latents())
                        .map(table ->
                                call(owner, "rows", table, 0, config().text().rows()))
                        .map(positions -> call(owner, "sum", text, positions))
                        .orElse(text));
    }

    /** {@code rope_cos} and {@code rope_sin} where there are any. */
    @Override
    protected void inspectEmbeddings(
            Map<String, NDArray> seen, EmbeddedVideo video, PromptEmbedding prompt, VideoSpec spec) {
        if (video.rotary().size() > 0) {
            List<NDArray> tables = KERNELS.callAll(video.latents().getManager(), "tables", video.rotary());
            seen.put("rope_cos", tables.get(0));
            seen.put("rope_sin", tables.get(1));
        }
    }

    /** Learned positions for latents, where there are any. */
    private Optional<NDArray> learned(NDArray latents) {
        return weights.positions().stream()
                .findFirst()
                .filter(table -> config().sample().has(latents.getShape().get(2)));
    }

    /** The rotary embedding of a grid, shape (1, tokens, 1, head width / 2), complex; empty without one. */
    private NDArray rotary(NDManager owner, TokenGrid grid) {
        if (config().position().kind() == Positions.SINUSOIDAL) {
            return owner.create(new Shape(0));
        }
        CogVideoXRotary rotary = CogVideoXRotary.of(config(), grid);
        return call(
                owner,
                "rotary_embedding",
                angles(owner, rotary.frames()),
                angles(owner, rotary.height()),
                angles(owner, rotary.width()));
    }

    CogVideoXLayout weights() {
        return weights;
    }

    private NDArray angles(NDManager owner, CogVideoXRotary.Axis axis) {
        return call(owner, "angles", weights.patch().get(1), axis.first(), axis.last(), axis.count(), axis.share());
    }

    private NDArray tokens(NDArray latents, TokenGrid grid) {
        CogVideoXConfig config = config();
        Optional<NDArray> learned = learned(latents);
        NDManager owner = latents.getManager();
        NDArray weight = weights.patch().get(0);
        NDArray bias = weights.patch().get(1);
        if (config.position().kind() == Positions.ROTARY) {
            return call(owner, "tokens", latents, weight, bias, grid.patchSizes());
        }
        if (learned.isPresent()) {
            return call(
                    owner,
                    "tokens_with_table",
                    latents,
                    weight,
                    bias,
                    grid.patchSizes(),
                    learned.get(),
                    config.text().rows());
        }
        return call(
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
