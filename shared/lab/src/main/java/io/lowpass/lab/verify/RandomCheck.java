package io.lowpass.lab.verify;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.tensor.Noise;
import java.util.stream.StreamSupport;

/** Seeded noise: {@code seed_S} is what torch draws for the seed S. */
final class RandomCheck implements Check {

    private static final String PREFIX = "seed_";

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        Shape shape = new Shape(
                StreamSupport.stream(reference.settings().path("shape").spliterator(), false)
                        .mapToLong(JsonNode::asLong)
                        .toArray());
        comparison.names().stream().filter(name -> name.startsWith(PREFIX)).forEach(name -> {
            long seed = Long.parseLong(name.substring(PREFIX.length()));
            comparison.offer(name, Noise.normal(memory, seed, shape));
        });
    }
}
