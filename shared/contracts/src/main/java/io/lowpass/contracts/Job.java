package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * A request with all defaults resolved, including the drawn seed: what samplers take.
 *
 * @param jobId names the job in every event, key and object
 * @param model name of the model in the samplers' catalogue
 * @param numFrames frames of the video, 4n + 1
 * @param fps frames per second of the video
 * @param steps denoising steps
 * @param guidanceScale scale of classifier-free guidance, 1 or less for none; for models with embedded guidance, the
 *     value that they receive
 * @param flowShift shift of the noise schedule towards higher noise
 * @param scheduler the sampling algorithm: euler, unipc, dpm++, ddim, sde-dpm++, rflow
 * @param seed seed of the initial noise
 * @param requestedAt when the request was accepted
 * @param own the fields that only some models or schedulers have a use for, by name, as {@link RequestFields#own} has them;
 *     others are left out, as a newer sender may have more
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Job(
        String jobId,
        String prompt,
        String negativePrompt,
        String model,
        Size size,
        int numFrames,
        int fps,
        int steps,
        double guidanceScale,
        double flowShift,
        String scheduler,
        long seed,
        CacheSettings cache,
        Output output,
        Optional<String> idempotencyKey,
        Map<String, String> metadata,
        Instant requestedAt,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> own)
        implements Event {

    /**
     * Checks the fields that travel by name, as a record of anybody's may hold them.
     *
     * @throws IllegalArgumentException naming the field, its value and what is allowed
     */
    public Job {
        metadata = Map.copyOf(metadata);
        own = RequestFields.checkedOwn(own);
    }

    /** The same with another value of a field that only some models or schedulers have a use for. */
    public Job with(String field, Object value) {
        Map<String, JsonNode> other = new TreeMap<>(own);
        other.put(field, EventJson.mapper().valueToTree(value));
        return with(other);
    }

    /** A copy without images, which are most of its bytes. */
    public Job withoutImages() {
        Map<String, JsonNode> other = new TreeMap<>(own);
        other.keySet().removeIf(RequestFields::isImage);
        return with(other);
    }

    private Job with(Map<String, JsonNode> other) {
        return new Job(
                jobId,
                prompt,
                negativePrompt,
                model,
                size,
                numFrames,
                fps,
                steps,
                guidanceScale,
                flowShift,
                scheduler,
                seed,
                cache,
                output,
                idempotencyKey,
                metadata,
                requestedAt,
                other);
    }

    /** The names of the fields that are given and that only some models or schedulers have a use for. */
    public Set<String> ownFields() {
        return own.keySet();
    }

    /** The value of such a field as JSON; {@code null} if it is not given. */
    public String text(String field) {
        return String.valueOf(own.get(field));
    }

    /** A number that only some models have a use for, if it is given. */
    public OptionalDouble number(String field) {
        JsonNode value = own.get(field);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.doubleValue());
    }

    /** Numbers that only some models or schedulers have a use for; none if they are not given. */
    public List<Double> numbers(String field) {
        JsonNode value = own.get(field);
        return value == null
                ? List.of()
                : value.valueStream().map(JsonNode::doubleValue).toList();
    }

    /** Whether something is asked for that only some models have a use for. */
    public boolean flag(String field) {
        JsonNode value = own.get(field);
        return value != null && value.booleanValue();
    }

    /** An image, if it is given. */
    public Optional<InlineImage> image(String field) {
        return Optional.ofNullable(own.get(field)).map(value -> new InlineImage(value.textValue()));
    }

    @Override
    public String subject() {
        return jobId;
    }

    @Override
    public Instant at() {
        return requestedAt;
    }

    @Override
    public EventType type() {
        return EventType.RESOLVED;
    }
}
