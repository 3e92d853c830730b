package io.lowpass.lab.evaluate.figures;

import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.precise.Downsampling;
import io.lowpass.caching.precise.Downsampling.Operator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A size of small latents.
 *
 * @param temporal factor in time
 * @param spatial factor in height and width
 */
record Resolution(int temporal, int spatial) {

    /** The sizes of the paper's Table 3. */
    static final List<Resolution> OF_TABLE_3 = Stream.of(
                    new int[] {1, 2}, new int[] {1, 4}, new int[] {2, 4}, new int[] {4, 4}, new int[] {1, 8})
            .map(factors -> new Resolution(factors[0], factors[1]))
            .toList();

    /** Whether at least one patch is left of latents. */
    boolean fits(Shape latents, List<Integer> patch) {
        return downsampling().fits(latents, patch);
    }

    Downsampling downsampling() {
        return new Downsampling(temporal, spatial, Operator.STRIDE);
    }

    String label() {
        return temporal + "x" + spatial + "x" + spatial;
    }
}
