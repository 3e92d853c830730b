package io.lowpass.models.opensora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** What happens inside the passes of a batch, by name, to be compared with what another implementation computed. */
public final class OpenSoraInspection {

    /** More than one, whose rate would not count. */
    private static final int FRAMES = 2;

    private OpenSoraInspection() {}

    /**
     * Runs one pass for each sample of a batch, given under the names of the official code: {@code x}, {@code timestep},
     * {@code y}, {@code mask}, {@code height}, {@code width} and {@code fps}. As there, the first height and width count
     * for all samples, and masks and frame rates are repeated where there are fewer than samples.
     *
     * @return as {@link OpenSoraTransformer#inspect}, the samples side by side: on the rows of {@code context}, else on
     *     the batch axis
     */
    public static Map<String, NDArray> ofBatch(OpenSoraTransformer transformer, Map<String, NDArray> inputs) {
        NDArray x = input(inputs, "x");
        int height = (int) input(inputs, "height").toFloatArray()[0];
        int width = (int) input(inputs, "width").toFloatArray()[0];
        float[] rates = input(inputs, "fps").toFloatArray();
        Map<String, NDList> samples = new LinkedHashMap<>();
        for (int i = 0; i < x.getShape().get(0); i++) {
            transformer
                    .inspect(
                            x.get(i).expandDims(0),
                            input(inputs, "timestep").toFloatArray()[i],
                            caption(input(inputs, "y").get(i), input(inputs, "mask"), i),
                            new VideoSpec(height, width, FRAMES, rates[i % rates.length], 1))
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
}
