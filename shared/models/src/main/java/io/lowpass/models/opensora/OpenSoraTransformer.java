package io.lowpass.models.opensora;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The transformer of Open-Sora 1.2, computing what the official {@code STDiT3} computes: blocks that attend within a
 * frame and blocks that attend across frames take turns, each counted as one block.
 *
 * <p>Latents may have any size: they are padded to whole patches, and predictions cut to size again.
 */
public final class OpenSoraTransformer extends PatchTransformer<OpenSoraConfig> {

    /** Compiled once in a process: no state. */
    static final Kernels KERNELS = Kernels.compile(OpenSoraTransformer.class, "stdit3.torchscript");

    private final OpenSoraLayout weights;
    private final NDArray tables;
    private final NDArray unit;
    private final NDArray headUnit;

    private OpenSoraTransformer(OpenSoraConfig config, Weights weights) {
        super(config, KERNELS, weights.owner());
        NDManager memory = weights.owner();
        this.weights = Parameters.take(weights, parameters -> OpenSoraLayout.of(parameters, config));
        this.tables = this.weights.tables().get(0).reshape(config.depth(), 6, config.width());
        this.unit = memory.create(new float[] {0, 1, 0, 0, 1, 0}, new Shape(6, 1));
        this.headUnit = memory.create(new float[] {0, 1}, new Shape(2, 1));
    }

    /** Loads a component folder, see {@link PatchTransformer}. */
    public static OpenSoraTransformer load(Path folder, Precision precision, Device device) {
        return load(folder, OpenSoraConfig::of, precision, device, OpenSoraTransformer::new);
    }

    @Override
    public Set<SubLayer> subLayers() {
        return Set.of(
                SubLayer.SPATIAL_ATTENTION,
                SubLayer.TEMPORAL_ATTENTION,
                SubLayer.CROSS_ATTENTION,
                SubLayer.FEED_FORWARD);
    }

    /** Captions do not depend on the video. */
    @Override
    public Conditioning condition(NDManager owner, PromptEmbedding prompt, VideoSpec spec) {
        prompt.requireFit(config().captionWidth(), 1);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray context = context(owner, prompt);
            List<NDArray> keys = new ArrayList<>();
            List<NDArray> values = new ArrayList<>();
            for (OpenSoraLayout.Block block : weights.blocks()) {
                List<NDArray> pair = KERNELS.callAll(owner, "prompt", context, block.prompt(), config().heads());
                keys.add(Arrays.keep(pair.get(0), owner));
                values.add(Arrays.keep(pair.get(1), owner));
            }
            return new OpenSoraConditioning(keys, values);
        }
    }

    @Override
    protected EmbeddedVideo embedded(NDArray latents, double timestep, VideoSpec spec) {
        OpenSoraConfig config = config();
        MicroConditions micro = MicroConditions.of(spec);
        TokenGrid grid = TokenGrid.covering(latents.getShape(), config.inChannels(), config.patch());
        NDManager owner = latents.getManager();
        List<NDArray> time = KERNELS.callAll(
                owner, "time", timestep, micro.fps(), weights.time(), weights.rate(), weights.modulation());
        long[] padding = grid.padding(latents.getShape());
        NDArray patches = call(owner, "patches", latents, weights.patch(), padding, grid.sizes(), grid.patchSizes());
        NDArray positions = OpenSoraPositions.table(owner, config, grid, micro);
        NDArray tokens = call(owner, "placed", patches, positions, grid.frames());
        patches.close();
        return new EmbeddedVideo(
                latents,
                grid,
                time,
                tokens,
                call(owner, "rotary_embedding", weights.frequencies().get(0), grid.frames()),
                call(owner, "modulations", tables, unit, time.get(1)),
                call(owner, "head_modulation", weights.tables().get(1), headUnit, time.get(0)));
    }

    @Override
    protected TokenPass<?> pass(EmbeddedVideo video, Conditioning conditioning) {
        return new OpenSoraPass(this, video, (OpenSoraConditioning) conditioning);
    }

    /** {@code pos_embed}, {@code fps_emb}, {@code temb}, {@code timestep_proj}, {@code context} and {@code tokens}. */
    @Override
    protected void inspectEmbeddings(
            Map<String, NDArray> seen, EmbeddedVideo video, PromptEmbedding prompt, VideoSpec spec) {
        NDManager owner = video.latents().getManager();
        MicroConditions micro = MicroConditions.of(spec);
        NDArray positions = OpenSoraPositions.table(owner, config(), video.grid(), micro);
        seen.put("pos_embed", positions.squeeze(0));
        seen.put("fps_emb", video.time().get(2));
        seen.put("temb", video.time().get(0));
        seen.put("timestep_proj", video.time().get(1));
        seen.put("context", context(owner, prompt));
        seen.put("tokens", video.tokens());
    }

    /** A caption's rows without its padding, projected to the width of the tokens. */
    private NDArray context(NDManager owner, PromptEmbedding prompt) {
        return call(owner, "text_projection", prompt.states(), weights.caption(), prompt.length());
    }

    OpenSoraLayout weights() {
        return weights;
    }
}
