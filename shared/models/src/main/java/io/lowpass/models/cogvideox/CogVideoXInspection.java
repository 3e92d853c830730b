package io.lowpass.models.cogvideox;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.Features;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.SubLayers;
import io.lowpass.diffusion.VideoSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happens inside a pass, by name, to be compared with what another implementation computed. */
public final class CogVideoXInspection {

    // CogVideoX is told nothing of the video.
    private static final VideoSpec ANY = new VideoSpec(1, 1, 1, 1, 1);

    private CogVideoXInspection() {}

    /**
     * Runs one pass and keeps its intermediate results, which belong to the manager of the latents.
     *
     * @return {@code rope_cos} and {@code rope_sin} where there are any, {@code block.N} and {@code block.N.text} (the
     *     streams after block N) and {@code sample}, in this order; shapes are the seam's, channels before frames
     */
    public static Map<String, NDArray> of(
            CogVideoXTransformer transformer, NDArray latents, double timestep, PromptEmbedding prompt) {
        NDManager owner = latents.getManager();
        CogVideoXStep step = transformer.step(latents, timestep);
        Map<String, NDArray> seen = new LinkedHashMap<>();
        if (step.turns().size() > 0) {
            List<NDArray> tables = CogVideoXTransformer.KERNELS.callAll(owner, "tables", step.turns());
            seen.put("rope_cos", tables.get(0));
            seen.put("rope_sin", tables.get(1));
        }
        ForwardPass pass = step.pass(transformer.condition(owner, prompt, ANY));
        Features features = pass.input();
        for (int i = 0; i < pass.depth(); i++) {
            features = pass.block(i, features, SubLayers.COMPUTE);
            seen.put("block." + i, features.video());
            seen.put("block." + i + ".text", features.text().orElseThrow());
        }
        seen.put("sample", pass.head(features));
        return seen;
    }
}
