package io.lowpass.lab.cost;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** The public checkpoints, from a resource. */
final class Checkpoints {

    private Checkpoints() {}

    static List<Checkpoint> read() throws IOException {
        try (InputStream file = Objects.requireNonNull(Checkpoints.class.getResourceAsStream("checkpoints.json"))) {
            return JsonMapper.builder()
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .build()
                    .readValue(file, new TypeReference<List<Checkpoint>>() {});
        }
    }
}
