package io.lowpass.lab.verify;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** The tokens of a case within its attention mask; all tokens without one. */
final class RealTokens {

    private final long[] ids;
    private final long[] positions;

    private RealTokens(long[] ids, long[] positions) {
        this.ids = ids;
        this.positions = positions;
    }

    /** Token ids. */
    long[] ids() {
        return ids.clone();
    }

    /** Their positions. */
    long[] positions() {
        return positions.clone();
    }

    static RealTokens of(Map<String, NDArray> inputs) {
        long[] ids = Objects.requireNonNull(inputs.get("input_ids")).toLongArray();
        NDArray mask = inputs.get("attention_mask");
        long[] let = mask == null ? new long[0] : mask.toLongArray();
        int[] real = IntStream.range(0, ids.length)
                .filter(i -> mask == null || let[i] != 0)
                .toArray();
        return new RealTokens(
                IntStream.of(real).mapToLong(i -> ids[i]).toArray(),
                IntStream.of(real).asLongStream().toArray());
    }
}
