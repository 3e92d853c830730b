package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request as the user sent it, not yet validated: {@code {"prompt": "a red ball", "steps": 20}}. Its data is only the
 * request; the job id is the record's key, and the time is in the headers.
 *
 * @param request the fields by name; nested objects are maps, lists are lists
 */
public record JobRequested(
        String jobId, Instant at, @JsonValue Map<String, Object> request) implements Event {

    public JobRequested {
        request = Collections.unmodifiableMap(new LinkedHashMap<>(request));
    }

    /** Reads the data; {@link Events} adds key and time. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static JobRequested read(Map<String, Object> request) {
        return new JobRequested("", Instant.EPOCH, request);
    }

    @Override
    public String subject() {
        return jobId;
    }

    @Override
    public EventType type() {
        return EventType.REQUESTED;
    }
}
