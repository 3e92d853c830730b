package io.lowpass.models.wan;

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
public final class WanInspection {

    private WanInspection() {}

    /**
     * Runs one pass and keeps its intermediate results, which belong to the manager of the latents.
     *
     * @param spec with the image, where the transformer takes one
     * @return {@code tokens}, {@code temb}, {@code timestep_proj}, {@code context}, {@code rope_cos},
     *     {@code rope_sin}, {@code block.N} (the tokens after block N) and {@code sample}, in this order
     */
    public static Map<String, NDArray> of(
            WanTransformer transformer, NDArray latents, double timestep, PromptEmbedding prompt, VideoSpec spec) {
        NDManager owner = latents.getManager();
        List<NDArray> time = transformer.time(owner, timestep);
        WanStep step = transformer.step(latents, time, spec);
        List<NDArray> tables = transformer.rotary(owner, step.grid());
        Map<String, NDArray> seen = new LinkedHashMap<>();
        seen.put("tokens", step.tokens());
        seen.put("temb", time.get(0));
        seen.put("timestep_proj", time.get(1));
        seen.put(
                "context",
                transformer.context(
                        owner, prompt.states(), prompt.states().getShape().get(1)));
        seen.put("rope_cos", tables.get(0));
        seen.put("rope_sin", tables.get(1));
        ForwardPass pass = step.pass(transformer.condition(owner, prompt, spec));
        Features features = pass.input();
        for (int i = 0; i < pass.depth(); i++) {
            features = pass.block(i, features, SubLayers.COMPUTE);
            seen.put("block." + i, features.video());
        }
        seen.put("sample", pass.head(features));
        return seen;
    }
}
