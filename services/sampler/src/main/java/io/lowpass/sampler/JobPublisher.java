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

/** What a worker sends. Records of one job stay in order; used by one thread at a time. */
public final class JobPublisher implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(JobPublisher.class);

    private final EventPublisher publisher;
    private final JobEnds ends;
    private final List<CompletableFuture<?>> latents = new ArrayList<>();

    /** Sends by the publisher, which it closes, and the ends of jobs by {@code ends}. */
    public JobPublisher(EventPublisher publisher, JobEnds ends) {
        this.publisher = publisher;
        this.ends = ends;
    }

    /** Sends an event that nothing waits for; that it got lost is logged. */
    void soon(Event event) {
        CompletableFuture<?> unused = publisher.send(event).whenComplete((sent, error) -> {
            if (error != null) {
                LOG.warnf("Event %s was not sent: %s", event.id(), error.getMessage());
            }
        });
    }

    /** Sends an event and waits until the broker has it. */
    void now(Event event) {
        publisher.send(event).join();
    }

    /** Tells the end of a job, unless it has one, and waits until the broker has it. */
    void end(JobEvent event) {
        if (!ends.publish(event)) {
            LOG.infof("Job %s was over before", event.jobId());
        }
    }

    /** Sends a chunk of latents; {@link #settle} waits for it. */
    void latents(Chunk chunk) {
        latents.add(publisher.send(Topics.LATENTS, chunk));
    }

    /** Waits until the broker has everything, and fails if one of the chunks was not taken. */
    void settle() {
        publisher.flush();
        try {
            CompletableFuture.allOf(latents.toArray(CompletableFuture[]::new)).join();
        } finally {
            latents.clear();
        }
    }

    /** Puts a job record aside and waits until the broker has it. */
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
