package io.lowpass.models.hunyuan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.Features;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.SubLayers;
import io.lowpass.diffusion.VideoSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** What happens inside a pass, by name, to be compared with what another implementation computed. */
public final class HunyuanInspection {

    private HunyuanInspection() {}

    /**
     * Runs one pass over all rows of a prompt, padding included, and keeps its intermediate results, which belong to
     * the manager of the latents.
     *
     * @return {@code block.N} and {@code block.N.text} (video and text tokens after block N) and {@code sample}, in
     *     this order
     */
    public static Map<String, NDArray> of(
            HunyuanTransformer transformer, NDArray latents, double timestep, PromptEmbedding prompt, VideoSpec spec) {
        NDManager owner = latents.getManager();
        long rows = prompt.states().getShape().get(1);
        ForwardPass pass = transformer.step(latents, timestep).pass(transformer.condition(owner, prompt, spec, rows));
        Map<String, NDArray> seen = new LinkedHashMap<>();
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
