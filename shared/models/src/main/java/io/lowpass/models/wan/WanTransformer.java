package io.lowpass.models.wan;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.blocks.Signal;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The transformer of Wan 2.1 and of an expert of Wan 2.2 (Wan Team, 2025), computing what diffusers'
 * {@code WanTransformer3DModel} computes. With an image, what is known of the video's frames is appended to the channels
 * of the latents, and every block of Wan 2.1 attends to the image's states as well as to the prompt.
 */
public final class WanTransformer extends PatchTransformer<WanConfig> {

    /** Compiled once in a process: no state. */
    static final Kernels KERNELS = Kernels.compile(WanTransformer.class, "wan.torchscript");

    private final WanLayout weights;
    private final WanRotary rotary;
    private final NDArray unit;
    private final NDArray headUnit;

    private WanTransformer(WanConfig config, Weights weights) {
        super(config, KERNELS, weights.owner());
        NDManager memory = weights.owner();
        this.weights = Parameters.take(weights, parameters -> WanLayout.of(parameters, config));
        this.rotary = WanRotary.of(config, memory);
        this.unit = memory.create(new float[] {0, 1, 0, 0, 1, 0}, new Shape(6, 1));
        this.headUnit = memory.create(new float[] {0, 1}, new Shape(2, 1));
    }

    /** Loads a component folder, see {@link PatchTransformer}. */
    public static WanTransformer load(Path folder, Precision precision, Device device) {
        return load(folder, WanConfig::of, precision, device, WanTransformer::new);
    }

    @Override
    public Set<SubLayer> subLayers() {
        return Set.of(SubLayer.SELF_ATTENTION, SubLayer.CROSS_ATTENTION, SubLayer.FEED_FORWARD);
    }

    @Override
    public Signal indicator() {
        return Signal.TIME;
    }

    @Override
    public Conditioning condition(NDManager owner, PromptEmbedding prompt, VideoSpec spec) {
        prompt.requireFit(config().textWidth(), 0);
        long rows = prompt.states().getShape().get(1);
        long padding = rows - prompt.length();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray context = context(owner, prompt.states(), Math.min(rows, prompt.length() + 1L));
            NDArray bias = call(owner, "padding", context, padding > 0 ? Math.log((double) padding) : 0.0);
            Optional<NDArray> image = config().image()
                    .map(settings -> call(owner, "image", WanCondition.states(settings, spec), weights.image()));
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

    @Override
    protected EmbeddedVideo embedded(NDArray latents, double timestep, VideoSpec spec) {
        NDManager owner = latents.getManager();
        WanConfig config = config();
        TokenGrid grid = TokenGrid.of(latents.getShape(), config.outChannels(), config.patch())
                .requireAtMost(config.longestAxis());
        List<NDArray> time = KERNELS.callAll(owner, "time_embedding", timestep, weights.time());
        List<NDArray> tables = rotary.of(owner, grid);
        return new EmbeddedVideo(
                latents,
                grid,
                time,
                call(
                        owner,
                        "patches",
                        WanCondition.appended(config, latents, spec),
                        weights.patch().get(0),
                        weights.patch().get(1),
                        grid.patchSizes()),
                call(owner, "rotary_embedding", tables.get(0), tables.get(1)),
                call(owner, "modulations", weights.tables().get(0), unit, time.get(1)),
                call(owner, "head_modulation", weights.tables().get(1), headUnit, time.get(0)));
    }

    @Override
    protected TokenPass<?> pass(EmbeddedVideo video, Conditioning conditioning) {
        return new WanPass(this, video, (WanConditioning) conditioning);
    }

    /** {@code tokens}, {@code temb}, {@code timestep_proj}, {@code context}, {@code rope_cos} and {@code rope_sin}. */
    @Override
    protected void inspectEmbeddings(
            Map<String, NDArray> seen, EmbeddedVideo video, PromptEmbedding prompt, VideoSpec spec) {
        NDManager owner = video.latents().getManager();
        List<NDArray> tables = rotary.of(owner, video.grid());
        seen.put("tokens", video.tokens());
        seen.put("temb", video.time().get(0));
        seen.put("timestep_proj", video.time().get(1));
        seen.put(
                "context",
                context(owner, prompt.states(), prompt.states().getShape().get(1)));
        seen.put("rope_cos", tables.get(0));
        seen.put("rope_sin", tables.get(1));
    }

    WanLayout weights() {
        return weights;
    }

    /** The first rows of a prompt, projected to the width of the tokens. */
    private NDArray context(NDManager owner, NDArray states, long rows) {
        return call(owner, "text_projection", states, weights.text(), rows);
    }

    private List<NDArray> keysValues(NDManager owner, NDArray states, List<NDArray> projections) {
        return KERNELS.callAll(owner, "prompt", states, projections, config().heads(), config().epsilon());
    }
}
