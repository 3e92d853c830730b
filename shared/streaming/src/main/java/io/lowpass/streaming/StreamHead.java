package io.lowpass.streaming;

import io.lowpass.contracts.Job;
import java.time.Instant;
import java.util.Map;

/**
 * What the first chunk of a stream says about the whole stream.
 *
 * @param attempt attempt at the job that the stream belongs to
 * @param attributes all attributes of the first chunk, including the job
 * @param writtenAt when the first chunk was written, by its writer's clock; the topic keeps chunks for a limited time
 */
public record StreamHead(Job job, int attempt, Map<String, String> attributes, Instant writtenAt) {

    public StreamHead {
        attributes = Map.copyOf(attributes);
    }

    /** The job's id. */
    public String jobId() {
        return job.jobId();
    }
}
