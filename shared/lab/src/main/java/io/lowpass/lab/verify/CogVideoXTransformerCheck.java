package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.cogvideox.CogVideoXTransformer;
import io.lowpass.tensor.Precision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Passes of CogVideoX's transformer, one for each of a batch, with what happens inside them. */
final class CogVideoXTransformerCheck implements Check {

    // CogVideoX takes nothing about the video.
    private static final VideoSpec ANY = new VideoSpec(1, 1, 1, 1, 1);

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        Map<String, NDArray> inputs = reference.inputs(memory);
        NDArray states = Objects.requireNonNull(inputs.get("encoder_hidden_states"));
        NDArray videos = channelsBeforeFrames(Objects.requireNonNull(inputs.get("hidden_states")));
        NDArray times = Objects.requireNonNull(inputs.get("timestep"));
        Map<String, NDList> seen = new LinkedHashMap<>();
        try (CogVideoXTransformer transformer =
                CogVideoXTransformer.load(reference.model(), Precision.F32, Device.cpu())) {
            for (long i = 0; i < videos.getShape().get(0); i++) {
                NDArray text = states.get("{}:{}", i, i + 1);
                double time = Double.parseDouble(times.toArray()[(int) Math.min(i, times.size() - 1)].toString());
                PromptEmbedding prompt =
                        new PromptEmbedding(text, (int) text.getShape().get(1));
                transformer
                        .inspect(videos.get("{}:{}", i, i + 1), time, prompt, ANY)
                        .forEach((name, array) -> seen.computeIfAbsent(name, key -> new NDList())
                                .add(name.equals("sample") ? channelsBeforeFrames(array) : array));
            }
        }
        seen.forEach((name, arrays) ->
                comparison.offer(name, name.startsWith("rope") ? arrays.get(0) : NDArrays.concat(arrays, 0)));
    }

    /** Swaps the two axes, which the reference has the other way around. */
    private static NDArray channelsBeforeFrames(NDArray video) {
        return video.transpose(0, 2, 1, 3, 4);
    }
}
