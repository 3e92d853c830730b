package io.lowpass.ingestion;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.request.JobIds;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestOutcome;
import io.lowpass.contracts.request.RequestOutcome.Refused;
import io.lowpass.contracts.request.RequestOutcome.Taken;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.contracts.request.Travel;
import io.lowpass.fields.Problem;
import io.lowpass.fields.Violation;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Decides about a request with knowledge of all jobs: a new job, a rejection, a repetition, or a name clash. */
@ApplicationScoped
// An invalid catalogue must stop the service at start, not at the first request.
@Startup
public class Admission {

    private final RequestValidation validation;
    private final JobViews states;

    @Inject
    Admission(
            IngestionSettings settings,
            @ConfigProperty(name = "lowpass.catalogue") Optional<Path> catalogue,
            JobViews states) {
        this(
                new RequestValidation(
                        catalogue.map(ModelCatalogue::read).orElse(ModelCatalogue.SHIPPED),
                        settings.bucket(),
                        Clock.systemUTC(),
                        new SecureRandom()),
                states);
    }

    Admission(RequestValidation validation, JobViews states) {
        this.validation = validation;
        this.states = states;
    }

    /** The decision about a request. */
    sealed interface Decision {

        /** The id of the job. */
        String jobId();

        /** A new job. */
        record Accept(Job job, String requestHash) implements Decision {
            @Override
            public String jobId() {
                return job.jobId();
            }
        }

        /**
         * A rejection.
         *
         * @param moreErrors number of further errors
         */
        record Reject(String jobId, List<FieldError> errors, int moreErrors) implements Decision {

            /** Whether the only error is a conflict with another job. */
            boolean isConflict() {
                return moreErrors == 0
                        && errors.stream().allMatch(error -> error.code().equals(Violation.DUPLICATE.code()));
            }

            /** The errors as the body of a response. */
            Map<String, Object> answer() {
                return moreErrors == 0 ? Map.of("errors", errors) : Map.of("errors", errors, "moreErrors", moreErrors);
            }
        }

        /**
         * A repeated request, which changes nothing.
         *
         * @param refusal the rejection, if the request was rejected
         */
        record Repeat(String jobId, Optional<Reject> refusal) implements Decision {}

        /** The name belongs to another request, whose job must not be touched. */
        record Clash(String jobId, List<FieldError> errors) implements Decision {}

        /** Name of the decision in metrics. */
        default String outcome() {
            return getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Decides about a request.
     *
     * @param key the record's key, which names the job, if it has one
     * @param body the request as JSON
     */
    Decision decide(Optional<String> key, byte[] body) {
        RequestOutcome outcome = validation.decide(key, body);
        return outcome instanceof Taken taken ? decide(taken) : decide((Refused) outcome);
    }

    /** Rejects a record that is neither a request nor an event with one. */
    Decision refuse(Optional<String> key, String reason) {
        return decide(validation.refuse(key, reason));
    }

    /** Rejects a request whose job is too large for its topic. */
    static Decision tooLarge(Decision.Accept accept) {
        return new Decision.Reject(accept.jobId(), List.of(Travel.tooLarge(accept.job())), 0);
    }

    private Decision decide(Taken taken) {
        Optional<String> idempotencyKey = taken.job().idempotencyKey();
        Optional<JobView> known =
                states.find(taken.jobId()).or(() -> idempotencyKey.flatMap(states::findByIdempotencyKey));
        if (known.isEmpty()) {
            return gone(taken)
                    .or(() -> occupied(taken).map(Decision.class::cast))
                    .orElseGet(() -> new Decision.Accept(taken.job(), taken.requestHash()));
        }
        String jobId = known.get().jobId();
        if (known.get().requestHash().equals(Optional.of(taken.requestHash()))) {
            return new Decision.Repeat(jobId, Optional.empty());
        }
        if (known.get().state() == JobView.State.REJECTED) {
            return rejectedBefore(taken);
        }
        boolean byName = idempotencyKey.isEmpty()
                || states.findByIdempotencyKey(idempotencyKey.get()).isEmpty();
        FieldError clash = new FieldError(
                Violation.DUPLICATE.code(),
                byName ? "jobId" : "idempotencyKey",
                byName ? jobId : idempotencyKey.get(),
                "a name that no other request has used; job " + jobId + " belongs to a different request");
        return new Decision.Clash(jobId, List.of(clash));
    }

    /** A request with the name of a rejected one: a repetition if it would be rejected again, otherwise a clash. */
    private Decision rejectedBefore(Taken taken) {
        Optional<String> named =
                taken.job().idempotencyKey().filter(key -> JobIds.of(key).equals(taken.jobId()));
        return occupied(taken)
                .map(refusal -> (Decision) new Decision.Repeat(taken.jobId(), Optional.of(refusal)))
                .orElseGet(() -> clash(
                        taken,
                        named.isPresent() ? "idempotencyKey" : "jobId",
                        named.orElse(taken.jobId()),
                        "a name that no request has used; a request with this name was rejected, and the name stays"
                                + " reserved: use another one"));
    }

    /** A rejection because another job's video occupies the object key, or conflicts with it as a folder. */
    private Optional<Decision.Reject> occupied(Taken taken) {
        return states.objection(taken.job().output())
                .map(objection -> new FieldError(
                        Violation.DUPLICATE.code(),
                        "output.key",
                        Problem.shorten(taken.job().output().key()),
                        "a key " + objection))
                .map(error -> new Decision.Reject(taken.jobId(), List.of(error), 0));
    }

    /** A clash with a job that is no longer kept, if there is one: its names stay reserved. */
    private Optional<Decision> gone(Taken taken) {
        if (states.isGone(taken.jobId())) {
            return Optional.of(clashWithGone(taken, "jobId", taken.jobId()));
        }
        return taken.job()
                .idempotencyKey()
                .filter(states::isKeyGone)
                .map(key -> clashWithGone(taken, "idempotencyKey", key));
    }

    private static Decision clashWithGone(Taken taken, String field, String name) {
        String allowed = "a name that no other request has used; a job with this name ended too long ago to be shown";
        return clash(taken, field, name, allowed);
    }

    private static Decision clash(Taken taken, String field, String name, String allowed) {
        return new Decision.Clash(
                taken.jobId(), List.of(new FieldError(Violation.DUPLICATE.code(), field, name, allowed)));
    }

    private Decision decide(Refused refused) {
        Optional<JobView> known = states.find(refused.jobId());
        Decision.Reject refusal = new Decision.Reject(refused.jobId(), refused.errors(), refused.moreErrors());
        if (known.isEmpty()) {
            return states.isGone(refused.jobId()) ? new Decision.Clash(refused.jobId(), refused.errors()) : refusal;
        }
        return known.get().state() == JobView.State.REJECTED
                ? new Decision.Repeat(refused.jobId(), Optional.of(refusal))
                : new Decision.Clash(refused.jobId(), refused.errors());
    }

    /** The events that follow from a decision. */
    static List<Event> events(Decision decision, Instant now) {
        if (decision instanceof Decision.Accept accept) {
            return List.of(
                    new JobEvent.Accepted(
                            accept.jobId(),
                            accept.job().requestedAt(),
                            accept.job().withoutImages(),
                            accept.requestHash()),
                    accept.job());
        }
        return decision instanceof Decision.Reject reject
                ? List.of(new JobEvent.Rejected(
                        reject.jobId(), now, reject.errors(), OptionalInt.of(reject.moreErrors())))
                : List.of();
    }
}
