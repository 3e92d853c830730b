package io.lowpass.ingestion;

import io.lowpass.streaming.CancellationToken;
import org.apache.kafka.common.KafkaException;

/** What {@link Ingestion} runs beside HTTP, on a thread of its own. */
interface BackgroundLoop {

    /** Name of the thread. */
    String name();

    /** Whether it waits until all jobs are known, and so all topics are there. */
    default boolean needsJobs() {
        return true;
    }

    /**
     * Runs until {@code stop} says so.
     *
     * @throws KafkaException if the broker goes away; another call goes on where this one came to
     */
    void run(String bootstrapServers, CancellationToken stop) throws InterruptedException;
}
