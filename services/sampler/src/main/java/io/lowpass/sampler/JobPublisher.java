package io.lowpass.sampler;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.DeadLetters;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.Topics;
import io.lowpass.streaming.JobEnds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** Publishes the results of a worker. Records of one job stay in order; used by one thread at a time. */
public final class JobPublisher implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(JobPublisher.class);

    private final EventPublisher publisher;
    private final JobEnds ends;
    private final List<CompletableFuture<?>> latents = new ArrayList<>();

    /** Uses the publisher, which it closes, and {@code ends} for the ends of jobs. */
    public JobPublisher(EventPublisher publisher, JobEnds ends) {
        this.publisher = publisher;
        this.ends = ends;
    }

    /** Sends an event without waiting; a failure is logged. */
    void sendAsync(Event event) {
        CompletableFuture<?> unused = publisher.send(event).whenComplete((sent, error) -> {
            if (error != null) {
                LOG.warnf("Event %s was not sent: %s", event.id(), error.getMessage());
            }
        });
    }

    /** Sends an event and waits for the acknowledgement. */
    void sendAndWait(Event event) {
        publisher.send(event).join();
    }

    /** Publishes the end of a job, unless it has one, and waits for the acknowledgement. */
    void publishEnd(JobEvent event) {
        if (!ends.publish(event)) {
            LOG.infof("Job %s had already ended", event.jobId());
        }
    }

    /** Sends a chunk of latents without waiting; {@link #awaitAll} waits. */
    void latents(Chunk chunk) {
        latents.add(publisher.send(Topics.LATENTS, chunk));
    }

    /** Waits for all acknowledgements; fails if a chunk was rejected. */
    void awaitAll() {
        publisher.flush();
        try {
            CompletableFuture.allOf(latents.toArray(CompletableFuture[]::new)).join();
        } finally {
            latents.clear();
        }
    }

    /** Sends a job record to the dead-letter topic and waits for the acknowledgement. */
    void deadLetter(Delivery delivery, int attempts, Failure failure) {
        publisher
                .send(DeadLetters.record(delivery.record(), "sampler", attempts, failure.code(), failure.message()))
                .join();
    }

    @Override
    public void close() {
        publisher.close();
    }
}
