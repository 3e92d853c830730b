package io.lowpass.ingestion;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.request.JobIds;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.fields.Problem;
import io.lowpass.fields.Violation;
import io.lowpass.contracts.request.RequestOutcome;
import io.lowpass.contracts.request.RequestOutcome.Refused;
import io.lowpass.contracts.request.RequestOutcome.Taken;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.contracts.request.Travel;
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

/** Decides about a request, knowing all jobs there are: a new job, a rejection, a repetition or a clash of names. */
@ApplicationScoped
// What is wrong with the catalogue must stop the service when it starts, and not its first request.
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

    /** What is decided about a request. */
    sealed interface Decision {

        /** The job that the request is about. */
        String jobId();

        /** A job that was not there before. */
        record Accept(Job job, String requestHash) implements Decision {
            @Override
            public String jobId() {
                return job.jobId();
            }
        }

        /**
         * Cannot become a job.
         *
         * @param moreErrors how many errors there are besides
         */
        record Reject(String jobId, List<FieldError> errors, int moreErrors) implements Decision {

            /** Whether nothing is wrong with the request but that another came first. */
            boolean isConflict() {
                return moreErrors == 0
                        && errors.stream().allMatch(error -> error.code().equals(Violation.DUPLICATE.code()));
            }

            /** The errors as an answer. */
            Map<String, Object> answer() {
                return moreErrors == 0 ? Map.of("errors", errors) : Map.of("errors", errors, "moreErrors", moreErrors);
            }
        }

        /**
         * The same request has been decided about; nothing is to be done.
         *
         * @param refusal why it cannot become a job, if it was rejected
         */
        record Repeat(String jobId, Optional<Reject> refusal) implements Decision {}

        /** Another request has used the name; that one's job must not be touched. */
        record Clash(String jobId, List<FieldError> errors) implements Decision {}

        /** The name of the decision in metrics. */
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

    /** Decides about a record that is neither a request nor an event that holds one, and why. */
    Decision refuse(Optional<String> key, String reason) {
        return decide(validation.refuse(key, reason));
    }

    /** Decides again about a request whose job no topic takes, for it is too large. */
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
                "a name that no other request has used; job " + jobId + " came of a different request");
        return new Decision.Clash(jobId, List.of(clash));
    }

    /** A request that bears the name of a rejected one: a repetition if it would be rejected again, else a clash. */
    private Decision rejectedBefore(Taken taken) {
        Optional<String> named =
                taken.job().idempotencyKey().filter(key -> JobIds.of(key).equals(taken.jobId()));
        return occupied(taken)
                .map(refusal -> (Decision) new Decision.Repeat(taken.jobId(), Optional.of(refusal)))
                .orElseGet(() -> clash(
                        taken,
                        named.isPresent() ? "idempotencyKey" : "jobId",
                        named.orElse(taken.jobId()),
                        "a name that no request has used; a request of this name was rejected, and the name stays its"
                                + " own: use another one"));
    }

    /** A refusal because another job's video is where this one's would be, or in the way. */
    private Optional<Decision.Reject> occupied(Taken taken) {
        return states.objection(taken.job().output())
                .map(objection -> new FieldError(
                        Violation.DUPLICATE.code(),
                        "output.key",
                        Problem.shorten(taken.job().output().key()),
                        "a key " + objection))
                .map(error -> new Decision.Reject(taken.jobId(), List.of(error), 0));
    }

    /** A clash with a job that is not told of any more, if there is one: its name stays its own. */
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
        String allowed =
                "a name that no other request has used; a job of this name has ended, too long ago to be told of";
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

    /** What a decision tells the world. */
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
