package io.lowpass.contracts.request;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.RequestFields;
import io.lowpass.contracts.Sha256;
import io.lowpass.contracts.request.RequestOutcome.Taken;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Problems;
import io.lowpass.fields.Violation;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Decides about requests: a job with every default resolved, the drawn seed included, or everything that is wrong.
 *
 * @param models what may be asked for
 * @param defaultBucket where videos go whose request names no bucket
 * @param clock for the time of acceptance
 * @param random draws seeds and job ids
 */
public record RequestValidation(ModelCatalogue models, String defaultBucket, Clock clock, RandomGenerator random) {

    private static final int MAX_SHOWN_KEY = 256;

    /**
     * Decides about one request.
     *
     * @param key the record's key, which names the job, if it has one
     * @param bytes the request as JSON
     */
    public RequestOutcome decide(Optional<String> key, byte[] bytes) {
        Instant now = clock.instant();
        Problems problems = new Problems(Rejected.MAX_ERRORS);
        key.filter(id -> !JobIds.isValid(id)).ifPresent(id -> problems.add(Violation.FORM, "jobId", id, JobIds.FORM));
        Optional<ObjectNode> object = new RequestReader(problems).read(bytes);
        if (object.isEmpty()) {
            return refused(key, now, problems);
        }
        Fields request = new Fields("", object.get(), problems);
        request.allowOnly(RequestFields.TABLE.names());
        Optional<Job> job = resolve(request, key, now)
                .map(resolved ->
                        new OwnFieldRules(request, models.find(resolved.model()).orElseThrow()).complete(resolved));
        job.ifPresent(resolved -> RequestedPolicy.checkSteps(request, resolved.cache(), resolved.steps()));
        if (job.isEmpty() || problems.any()) {
            return refused(key, now, problems);
        }
        Taken taken = new Taken(job.get(), hash(object.get()));
        return Travel.fits(taken)
                ? taken
                : new RequestOutcome.Refused(taken.jobId(), List.of(Travel.tooLarge(taken.job())), 0);
    }

    /**
     * Refuses a record that is neither a request nor an event that holds one.
     *
     * @param key as in {@link #decide}
     * @param reason what is wrong with it
     */
    public RequestOutcome.Refused refuse(Optional<String> key, String reason) {
        Problems problems = new Problems(Rejected.MAX_ERRORS);
        problems.add(
                Violation.NOT_AN_EVENT,
                "",
                reason,
                "a request as JSON, or one CloudEvent 1.0 as JSON that holds a request");
        return refused(key, clock.instant(), problems);
    }

    private RequestOutcome.Refused refused(Optional<String> key, Instant now, Problems problems) {
        List<FieldError> errors = problems.list().stream().map(FieldError::of).toList();
        return new RequestOutcome.Refused(refusedId(key, now), errors, problems.count() - errors.size());
    }

    private String refusedId(Optional<String> key, Instant now) {
        // A name that is not allowed is still the name under which its sender waits for the answer.
        return key.filter(id -> id.length() <= MAX_SHOWN_KEY).orElseGet(() -> JobIds.next(now, random));
    }

    private Optional<Job> resolve(Fields request, Optional<String> key, Instant now) {
        TextRules texts = new TextRules(request);
        String prompt = texts.prompt();
        String negativePrompt = texts.negativePrompt();
        Optional<String> idempotencyKey = texts.idempotencyKey();
        Map<String, String> metadata = texts.metadata();
        String jobId = JobIds.choose(key, idempotencyKey, now, random);
        Output output = OutputRules.resolve(request, new Output(defaultBucket, jobId + ".mp4"));
        long seed = RequestFields.integer(request, "seed").orElseGet(() -> random.nextLong(Long.MAX_VALUE));
        Optional<ModelCard> model = model(request);
        CacheSettings cache = cache(request, model);
        if (model.isEmpty()) {
            new ModelRules(request, models.find(models.defaultModel()).orElseThrow()).checkFormsOnly();
            return Optional.empty();
        }
        ModelRules rules = new ModelRules(request, model.get());
        return Optional.of(new Job(
                jobId,
                prompt,
                negativePrompt,
                model.get().name(),
                rules.size(),
                rules.numFrames(),
                rules.fps(),
                rules.steps(),
                rules.guidanceScale(),
                rules.flowShift(),
                rules.scheduler(),
                seed,
                cache,
                output,
                idempotencyKey,
                metadata,
                now,
                Map.of()));
    }

    private Optional<ModelCard> model(Fields request) {
        List<String> names = models.models().stream().map(ModelCard::name).toList();
        boolean given = request.has("model");
        Optional<String> name = request.oneOf("model", names, "");
        return given ? name.flatMap(models::find) : models.find(models.defaultModel());
    }

    private static CacheSettings cache(Fields request, Optional<ModelCard> model) {
        if (!request.has("cache")) {
            return model.map(ModelCard::cache).orElse(CacheSettings.NONE);
        }
        return request.object("cache")
                .flatMap(object -> RequestedPolicy.resolve(request.within("cache", object)))
                .orElse(CacheSettings.NONE);
    }

    /** The same for the same request, whatever the order of its fields and the spaces between them. */
    private static String hash(ObjectNode request) {
        Map<String, JsonNode> sorted =
                EventJson.mapper().convertValue(request, new TypeReference<TreeMap<String, JsonNode>>() {});
        return Sha256.hex(EventJson.bytes(sorted));
    }
}
