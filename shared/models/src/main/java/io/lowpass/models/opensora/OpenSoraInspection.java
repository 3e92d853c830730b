package io.lowpass.models.opensora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happens inside a pass, by name, to be compared with what another implementation computed. */
public final class OpenSoraInspection {

    private OpenSoraInspection() {}

    /**
     * Runs one pass for each sample of a batch, given under the names of the official code: {@code x}, {@code timestep},
     * {@code y}, {@code mask}, {@code height}, {@code width} and {@code fps}. As there, the first height and width count
     * for all samples, and masks and frame rates are repeated where there are fewer than samples.
     *
     * @return as {@link #of}, the samples side by side: on the rows of {@code context}, else on the batch axis
     */
    public static Map<String, NDArray> ofBatch(OpenSoraTransformer transformer, Map<String, NDArray> inputs) {
        NDArray x = input(inputs, "x");
        double height = input(inputs, "height").toFloatArray()[0];
        double width = input(inputs, "width").toFloatArray()[0];
        float[] rates = input(inputs, "fps").toFloatArray();
        Map<String, NDList> samples = new LinkedHashMap<>();
        for (int i = 0; i < x.getShape().get(0); i++) {
            of(
                            transformer,
                            x.get(i).expandDims(0),
                            input(inputs, "timestep").toFloatArray()[i],
                            new MicroConditions(height, width, rates[i % rates.length]),
                            caption(input(inputs, "y").get(i), input(inputs, "mask"), i))
                    .forEach((name, seen) ->
                            samples.computeIfAbsent(name, any -> new NDList()).add(seen));
        }
        Map<String, NDArray> joined = new LinkedHashMap<>();
        samples.forEach((name, list) -> joined.put(
                name,
                switch (name) {
                    case "pos_embed" -> list.get(0);
                    case "context" -> NDArrays.concat(list, 1);
                    default -> NDArrays.concat(list, 0);
                }));
        return joined;
    }

    /** The rows that a mask keeps. */
    private static PromptEmbedding caption(NDArray rows, NDArray masks, int sample) {
        NDArray mask = masks.get(sample % masks.getShape().get(0));
        NDList kept = new NDList();
        for (int row = 0; row < mask.size(); row++) {
            if (mask.getLong(row) != 0) {
                kept.add(rows.get(0).get(row));
            }
        }
        return new PromptEmbedding(NDArrays.stack(kept).expandDims(0), kept.size());
    }

    private static NDArray input(Map<String, NDArray> inputs, String name) {
        NDArray input = inputs.get(name);
        if (input == null) {
            throw new IllegalArgumentException("there is no input '" + name + "'");
        }
        return input;
    }

    /**
     * Runs one pass and keeps its intermediate results, which belong to the manager of the latents.
     *
     * @return {@code pos_embed}, {@code fps_emb}, {@code temb}, {@code timestep_proj}, {@code context}, {@code tokens},
     *     {@code block.N} (the tokens after block N) and {@code sample} with all channels of the head, in this order
     */
    public static Map<String, NDArray> of(
            OpenSoraTransformer transformer,
            NDArray latents,
            double timestep,
            MicroConditions micro,
            PromptEmbedding prompt) {
        NDManager owner = latents.getManager();
        List<NDArray> time = transformer.time(owner, timestep, micro);
        OpenSoraStep step = transformer.step(latents, micro, time);
        Map<String, NDArray> seen = new LinkedHashMap<>();
        seen.put(
                "pos_embed",
                OpenSoraPositions.table(owner, transformer.config(), step.grid(), micro)
                        .squeeze(0));
        seen.put("fps_emb", time.get(2));
        seen.put("temb", time.get(0));
        seen.put("timestep_proj", time.get(1));
        seen.put("context", transformer.context(owner, prompt));
        seen.put("tokens", step.tokens());
        OpenSoraPass pass = new OpenSoraPass(step, transformer.condition(owner, prompt));
        Features features = pass.input();
        for (int i = 0; i < pass.depth(); i++) {
            features = pass.block(i, features, SubLayers.COMPUTE);
            seen.put("block." + i, features.video());
        }
        seen.put("sample", pass.head(features, transformer.config().outChannels()));
        return seen;
    }
}
