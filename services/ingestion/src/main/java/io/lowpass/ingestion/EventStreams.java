package io.lowpass.ingestion;

import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.JobEvent;
import io.lowpass.streaming.CancellationToken;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The events of one job as server-sent events: from the first, or from where the client stopped. */
@Path("/jobs/{id}/events")
@ApplicationScoped
public class EventStreams {

    private static final Logger LOG = Logger.getLogger(EventStreams.class);

    /** Seconds after which a rejected client may retry. */
    private static final int RETRY_AFTER = 5;

    private static final Duration POLL = Duration.ofMillis(250);

    /** Interval of comments on a silent stream, so that proxies do not close the connection. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final String bootstrapServers;
    private final JobViews states;
    private final IngestionSettings settings;
    private final EventStreamLimits limits;
    private final CancellationToken stop = new CancellationToken();

    EventStreams(
            @ConfigProperty(name = "kafka.bootstrap.servers", defaultValue = "localhost:9092") String bootstrapServers,
            IngestionSettings settings,
            JobViews states) {
        this.bootstrapServers = bootstrapServers;
        this.states = states;
        this.settings = settings;
        this.limits = new EventStreamLimits(settings.maxStreams(), settings.maxStreamsPerClient());
    }

    void stop(@Observes ShutdownEvent event) {
        stop.cancel();
    }

    /**
     * The events of a job. The stream ends with the event that ends the job; a client that already has that event gets
     * 204, which tells it not to reconnect.
     */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(
            @PathParam("id") String id,
            @HeaderParam("Last-Event-ID") Optional<String> lastEventId,
            @Context Sse sse,
            @Context RoutingContext http) {
        JobView job = states.find(id).orElseThrow(() -> new WebApplicationException(JobResource.unknown(id, states)));
        Optional<EventPosition> seen = lastEventId.flatMap(EventPosition::parse);
        if (job.state().isTerminal() && seen.filter(EventPosition::isEnd).isPresent()) {
            throw new WebApplicationException(Response.noContent().build());
        }
        String client = http.request().remoteAddress().hostAddress();
        takePlace(client);
        http.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                // A buffering proxy would hold the first events back.
                .putHeader("X-Accel-Buffering", "no");
        return Multi.createFrom().emitter(emitter -> {
            // Sends the headers before the first event is found.
            emitter.emit(comment(sse));
            Thread thread = new Thread(() -> stream(job, seen, sse, emitter, client), "events-" + id);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((ended, error) -> {
                LOG.errorf(error, "The event stream of %s failed; its client may reconnect", id);
                emitter.complete();
            });
            thread.start();
        });
    }

    private void takePlace(String client) {
        switch (limits.acquire(client)) {
            case CLIENT_HAS_ENOUGH ->
                throw new WebApplicationException(refusal(
                        Status.TOO_MANY_REQUESTS,
                        "STREAMS.CLIENT_HAS_ENOUGH",
                        settings.maxStreamsPerClient() + " event streams are open to " + client
                                + ", the limit for one client (lowpass.ingestion.max-streams-per-client)"));
            case ALL_TAKEN ->
                throw new WebApplicationException(refusal(
                        Status.SERVICE_UNAVAILABLE,
                        "STREAMS.ALL_TAKEN",
                        settings.maxStreams() + " event streams are open, the limit (lowpass.ingestion.max-streams)"));
            case TAKEN -> LOG.debugf("An event stream is opened to %s", client);
        }
    }

    private static Response refusal(Status status, String code, String message) {
        return Response.fromResponse(JobResource.answer(status, Map.of("code", code, "message", message)))
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER)
                .build();
    }

    private static OutboundSseEvent comment(Sse sse) {
        return sse.newEventBuilder().comment("").build();
    }

    private void stream(
            JobView job,
            Optional<EventPosition> seen,
            Sse sse,
            MultiEmitter<? super OutboundSseEvent> emitter,
            String client) {
        try (JobEventReader reader = open(job, seen)) {
            long lastSent = System.nanoTime();
            while (!reader.isOver() && !emitter.isCancelled() && !stop.isCancelled()) {
                List<JobEventReader.PositionedEvent> events = reader.next(POLL);
                events.forEach(event -> emitter.emit(event(event, sse)));
                if (!events.isEmpty()) {
                    lastSent = System.nanoTime();
                } else if (reader.hasCaughtUp()) {
                    endThatIsNotOnTheTopics(job.jobId()).ifPresent(end -> emitter.emit(event(reader.end(end), sse)));
                }
                if (System.nanoTime() - lastSent > HEARTBEAT.toNanos()) {
                    emitter.emit(comment(sse));
                    lastSent = System.nanoTime();
                }
            }
            emitter.complete();
        } catch (KafkaException e) {
            LOG.warnf("The event stream of %s failed; its client may reconnect: %s", job.jobId(), e.getMessage());
            emitter.complete();
        } finally {
            limits.release(client);
        }
    }

    private static OutboundSseEvent event(JobEventReader.PositionedEvent event, Sse sse) {
        return sse.newEventBuilder()
                .id(event.after().toString())
                .name(event.event().type().text())
                .data(EventJson.text(event.event()))
                .build();
    }

    /** The end of a job whose remaining events are no longer on the topics, or never were where the client stopped. */
    private Optional<JobEvent> endThatIsNotOnTheTopics(String jobId) {
        return states.find(jobId).filter(known -> known.state().isTerminal()).flatMap(JobView::end);
    }

    private JobEventReader open(JobView job, Optional<EventPosition> seen) {
        JobEventReader reader = new JobEventReader(
                bootstrapServers,
                job.jobId(),
                job.job().map(resolved -> resolved.requestedAt()).orElse(job.updatedAt()),
                () -> states.places(job.jobId()));
        seen.filter(position -> !position.isEnd()).ifPresent(reader::goOnFrom);
        return reader;
    }
}
