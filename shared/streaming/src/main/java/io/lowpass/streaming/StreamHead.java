package io.lowpass.streaming;

import io.lowpass.contracts.Job;
import java.time.Instant;
import java.util.Map;

/**
 * What the first chunk of a stream says about all of it.
 *
 * @param attempt delivery of the job that the stream belongs to
 * @param attributes all that came with the first chunk, the job among it
 * @param writtenAt when the first chunk was written, by the clock of who wrote it: the topic keeps chunks for a time only
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
