package io.lowpass.ingestion;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.JobRequested;
import io.lowpass.fields.Violation;
import io.lowpass.ingestion.Admission.Decision;
import io.lowpass.ingestion.EndedJobs.Retention;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Jobs over HTTP: accepts the same requests as Kafka and forwards them there. */
@Path("/jobs")
@Produces(MediaType.APPLICATION_JSON)
public class JobResource {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_LISTED = 500;
    private static final int MAX_REASON = 500;

    private final Admission admission;
    private final JobViews states;
    private final RequestPublisher publisher;
    private final Optional<String> videos;

    JobResource(Admission admission, JobViews states, RequestPublisher publisher, IngestionSettings settings) {
        this.admission = admission;
        this.states = states;
        this.publisher = publisher;
        this.videos = settings.videos();
    }

    /**
     * Submits a request: 202 with the job's id, 400 with all errors, 409 if its name or key is taken. No thread waits
     * for the rest of a body.
     */
    @POST
    @Consumes(MediaType.WILDCARD)
    public Uni<Response> submit(byte[] body) {
        return Uni.createFrom()
                .item(Unchecked.supplier(() -> take(body)))
                .runSubscriptionOn(Infrastructure.getDefaultExecutor());
    }

    private Response take(byte[] body) throws InterruptedException {
        Decision decision = admission.decide(Optional.empty(), body);
        Optional<Decision.Reject> refusal = refusal(decision);
        if (refusal.isPresent()) {
            return answer(
                    refusal.get().isConflict() ? Status.CONFLICT : Status.BAD_REQUEST,
                    refusal.get().answer());
        }
        if (decision instanceof Decision.Clash clash) {
            return answer(Status.CONFLICT, Map.of("jobId", clash.jobId(), "errors", clash.errors()));
        }
        if (decision instanceof Decision.Accept accept) {
            publisher.send(new JobRequested(accept.jobId(), Instant.now(), fields(body)));
            // Responding after the acceptance lets the caller query the job at once.
            states.await(accept.jobId(), PATIENCE);
        }
        return Response.fromResponse(answer(Status.ACCEPTED, Map.of("jobId", decision.jobId())))
                .location(URI.create("/jobs/" + decision.jobId()))
                .build();
    }

    /** The rejection of a request, whether new or repeated. */
    private static Optional<Decision.Reject> refusal(Decision decision) {
        if (decision instanceof Decision.Repeat repeat) {
            return repeat.refusal();
        }
        return decision instanceof Decision.Reject reject ? Optional.of(reject) : Optional.empty();
    }

    /** The most recently updated jobs, newest first. */
    @GET
    public Response list(@QueryParam("limit") @DefaultValue("50") int limit) {
        return answer(
                Status.OK,
                Map.of(
                        "jobs",
                        states.recent(Math.max(1, Math.min(limit, MAX_LISTED))).stream()
                                .map(this::linked)
                                .toList()));
    }

    /** The state of a job. */
    @GET
    @Path("/{id}")
    public Response get(@PathParam("id") String id) {
        return states.find(id).map(job -> answer(Status.OK, linked(job))).orElseGet(() -> unknown(id, states));
    }

    /** The job, with a link to its video. */
    private ObjectNode linked(JobView job) {
        ObjectNode view = EventJson.mapper().valueToTree(job);
        videos.filter(address -> job.state() == JobView.State.COMPLETED)
                .ifPresent(address -> view.put("video", address + "/" + job.jobId()));
        return view;
    }

    /** Requests cancellation of a job; 409 if it has ended. */
    @POST
    @Path("/{id}/cancel")
    @Consumes(MediaType.WILDCARD)
    public Response cancel(
            @PathParam("id") String id, @QueryParam("reason") @DefaultValue("asked over HTTP") String reason) {
        Optional<JobView> job = states.find(id);
        if (job.isEmpty()) {
            return unknown(id, states);
        }
        JobView.State state = job.get().state();
        if (state.isTerminal()) {
            return answer(
                    Status.CONFLICT, Map.of("code", "ALREADY_" + state.name().toUpperCase(Locale.ROOT), "jobId", id));
        }
        if (reason.length() > MAX_REASON) {
            FieldError tooLong = new FieldError(
                    Violation.TOO_LONG.code(),
                    "reason",
                    reason.length() + " characters",
                    "at most " + MAX_REASON + " characters");
            return answer(Status.BAD_REQUEST, Map.of("errors", List.of(tooLong)));
        }
        publisher.send(new CancelRequested(id, Instant.now(), reason));
        return answer(Status.ACCEPTED, Map.of("jobId", id));
    }

    private static Map<String, Object> fields(byte[] body) {
        try {
            return EventJson.mapper().readValue(body, new TypeReference<Map<String, Object>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The response for an unknown job: 404, 410 if it ended long ago, 503 while that is not known. */
    static Response unknown(String id, JobViews states) {
        if (states.isGone(id)) {
            Retention kept = states.retention();
            String message = "the job has ended; only the newest " + kept.count() + " ended jobs are kept, for "
                    + kept.time() + " each. Its video is still in its bucket";
            return answer(Status.GONE, Map.of("code", "JOB.GONE", "jobId", id, "message", message));
        }
        return states.isCaughtUp()
                ? answer(Status.NOT_FOUND, Map.of("code", "JOB.UNKNOWN", "jobId", id))
                : BrokerUnavailableException.jobsNotKnown();
    }

    static Response answer(Status status, Object body) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(EventJson.bytes(body))
                .build();
    }
}
