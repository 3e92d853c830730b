package io.lowpass.ingestion;

import io.lowpass.contracts.EventJson;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The events of one job as they happen, as server-sent events: all of them, from the first or from where a client left. */
@Path("/jobs/{id}/events")
@ApplicationScoped
public class EventStreams {

    private static final Logger LOG = Logger.getLogger(EventStreams.class);
    private static final Duration POLL = Duration.ofMillis(250);

    /** Silence after which a comment is sent, so that nobody on the way takes the connection for dead. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final String bootstrapServers;
    private final JobStates states;
    private final Semaphore places;
    private final StopSign stop = new StopSign();

    EventStreams(
            @ConfigProperty(name = "kafka.bootstrap.servers", defaultValue = "localhost:9092") String bootstrapServers,
            IngestionSettings settings,
            JobStates states) {
        this.bootstrapServers = bootstrapServers;
        this.states = states;
        this.places = new Semaphore(settings.maxStreams());
    }

    void stop(@Observes ShutdownEvent event) {
        stop.raise();
    }

    /** The events of a job. The stream ends with the event that ends the job. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(
            @PathParam("id") String id, @HeaderParam("Last-Event-ID") Optional<String> lastEventId, @Context Sse sse) {
        JobView job = states.find(id).orElseThrow(() -> new WebApplicationException(JobResource.unknown(id, states)));
        if (!places.tryAcquire()) {
            throw new ServiceUnavailableException(
                    JobResource.answer(Status.SERVICE_UNAVAILABLE, Map.of("code", "STREAMS.ALL_TAKEN")));
        }
        return Multi.createFrom().emitter(emitter -> {
            Thread thread = new Thread(() -> tell(job, lastEventId, sse, emitter), "events-" + id);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((ended, error) -> {
                LOG.errorf(error, "The events of %s end here; its client may come back", id);
                emitter.complete();
            });
            thread.start();
        });
    }

    private void tell(
            JobView job, Optional<String> lastEventId, Sse sse, MultiEmitter<? super OutboundSseEvent> emitter) {
        try (JobStory story = open(job, lastEventId)) {
            long lastSent = System.nanoTime();
            while (!story.isOver() && !isTold(story, job) && !emitter.isCancelled() && !stop.isRaised()) {
                for (JobStory.Page page : story.next(POLL)) {
                    emitter.emit(sse.newEventBuilder()
                            .id(page.after().toString())
                            .name(page.event().type().text())
                            .data(EventJson.text(page.event()))
                            .build());
                    lastSent = System.nanoTime();
                }
                if (System.nanoTime() - lastSent > HEARTBEAT.toNanos()) {
                    emitter.emit(sse.newEventBuilder().comment("").build());
                    lastSent = System.nanoTime();
                }
            }
            emitter.complete();
        } catch (KafkaException e) {
            LOG.warnf("The events of %s end here; its client may come back: %s", job.jobId(), e.getMessage());
            emitter.complete();
        } finally {
            places.release();
        }
    }

    /** Whether a client that had seen the end has come back for more. */
    private boolean isTold(JobStory story, JobView job) {
        return job.state().isTerminal() && story.hasCaughtUp();
    }

    private JobStory open(JobView job, Optional<String> lastEventId) {
        return lastEventId
                .flatMap(EventPosition::parse)
                .map(position -> JobStory.from(bootstrapServers, job.jobId(), position))
                .orElseGet(() -> JobStory.since(
                        bootstrapServers,
                        job.jobId(),
                        job.job().map(resolved -> resolved.requestedAt()).orElse(job.updatedAt())));
    }
}
