package io.lowpass.local.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.models.text.T5Encoder;
import io.lowpass.quality.ReferenceCase;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** A T5 encoder on token ids; the rows of padding are not compared. */
final class T5Check implements Check {

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        Map<String, NDArray> inputs = reference.inputs(memory);
        long[] ids = Objects.requireNonNull(inputs.get("input_ids")).toLongArray();
        long[] mask = Objects.requireNonNull(inputs.get("attention_mask")).toLongArray();
        long[] positions = IntStream.range(0, mask.length)
                .filter(i -> mask[i] != 0)
                .asLongStream()
                .toArray();
        long[] real = IntStream.range(0, mask.length)
                .filter(i -> mask[i] != 0)
                .mapToLong(i -> ids[i])
                .toArray();
        try (T5Encoder encoder = T5Encoder.open(reference.model(), Device.cpu(), Precision.F32)) {
            comparison.offer("last_hidden_state", encoder.encode(memory, real, positions));
        }
    }
}
