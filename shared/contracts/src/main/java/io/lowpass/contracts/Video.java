package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * The object that a job made.
 *
 * @param etag by which the store tells the object from one that another job writes there later; events before this
 *     was told lack it
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Video(
        String bucket,
        String key,
        String uri,
        String mime,
        long bytes,
        String sha256,
        int width,
        int height,
        int frames,
        int fps,
        Optional<String> etag) {}
