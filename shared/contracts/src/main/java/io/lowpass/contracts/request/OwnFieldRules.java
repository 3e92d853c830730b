package io.lowpass.contracts.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.RequestFields;
import io.lowpass.fields.Field;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Rule;
import io.lowpass.fields.Violation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a request that only some models or schedulers have a use for. */
final class OwnFieldRules {

    private static final String FIRST = "image";
    private static final String LAST = "lastImage";
    private static final String GUIDANCE = "guidanceScale";
    private static final String GUIDANCE_2 = "guidanceScale2";
    private static final String TRUE_CFG = "trueCfgScale";
    private static final String NEGATIVE = "negativePrompt";

    private final Fields request;
    private final ModelCard model;

    OwnFieldRules(Fields request, ModelCard model) {
        this.request = request;
        this.model = model;
    }

    /** The job with what the request says. */
    Job complete(Job job) {
        RequestFields.TABLE.fields().forEach((name, field) -> requireUse(name, field, job.scheduler()));
        model.needs()
                .forEach(field ->
                        request.requirePresent(field, "what model " + model.name() + " needs in every request"));
        Job complete = job;
        for (Map.Entry<String, Field> field : RequestFields.own().fields().entrySet()) {
            if (isAllowed(field.getKey(), field.getValue().rule())) {
                complete = complete.with(field.getKey(), request.json().get(field.getKey()));
            }
        }
        requireFirstImage(job);
        complete = withLaterGuidance(complete);
        requireEffect(complete);
        return complete;
    }

    /** Whether a field is there and what it may be. */
    private boolean isAllowed(String name, Rule rule) {
        int before = request.problems().count();
        rule.check(request, name);
        if (rule instanceof Rule.Image && request.problems().count() == before) {
            request.text(name).ifPresent(text -> requireImage(name, text));
        }
        return request.has(name) && request.problems().count() == before;
    }

    private void requireImage(String field, String text) {
        try {
            InlineImage.of(text);
        } catch (IllegalArgumentException e) {
            request.refuse(Violation.FORM, field, allowed(e));
        }
    }

    /** The form of an image, and what is wrong with this one unless that is the form. */
    private static String allowed(IllegalArgumentException error) {
        String problem = String.valueOf(error.getMessage());
        return problem.contains(InlineImage.FORM) ? InlineImage.FORM : InlineImage.FORM + "; this " + problem;
    }

    private void requireFirstImage(Job job) {
        if (request.has(LAST) && model.uses(LAST)) {
            request.require(request.has(FIRST), LAST, "only with image: the video leads from one to the other");
            request.require(job.numFrames() != 1, LAST, "only with numFrames of 2 or more");
        }
    }

    /** Where the request says nothing of guidance, the second expert's is the model's, too. */
    private Job withLaterGuidance(Job job) {
        boolean open = !request.has(GUIDANCE) && !request.has(GUIDANCE_2);
        return open && model.guidanceScale2().isPresent()
                ? job.with(GUIDANCE_2, model.guidanceScale2().getAsDouble())
                : job;
    }

    /** Notes a negative prompt that no step would follow. */
    private void requireEffect(Job complete) {
        if (!complete.negativePrompt().isBlank() && model.uses(NEGATIVE) && !isGuided(complete)) {
            request.refuse(
                    Violation.COMBINATION,
                    NEGATIVE,
                    "only with " + (model.uses(TRUE_CFG) ? TRUE_CFG : GUIDANCE)
                            + " above 1: without classifier-free guidance it has no effect");
        }
    }

    /** Whether any step follows the negative prompt. */
    private boolean isGuided(Job job) {
        return model.uses(TRUE_CFG)
                ? job.number(TRUE_CFG).orElse(0) > 1
                : job.guidanceScale() > 1 || job.number(GUIDANCE_2).orElse(0) > 1;
    }

    /** What means the same as nothing is allowed to any model: an empty negative prompt, the model's own shift. */
    private void requireUse(String name, Field field, String scheduler) {
        Optional<JsonNode> said = request.find(name)
                .filter(value -> !(value.isTextual() && value.textValue().isEmpty()))
                .filter(value -> !isDefaultShift(name, value));
        if (said.isEmpty()) {
            return;
        }
        if (field.about().models().isPresent() && !model.uses(name)) {
            request.refuse(
                    Violation.UNSUPPORTED,
                    name,
                    "nothing: model " + model.name() + " has no use for it"
                            + (model.fields().isEmpty() ? "" : ", but for " + String.join(", ", model.fields())));
        }
        List<String> schedulers = field.about().schedulers().orElse(List.of(scheduler));
        if (!schedulers.contains(scheduler)) {
            request.refuse(
                    Violation.UNSUPPORTED,
                    name,
                    "nothing with scheduler " + scheduler + ", only with " + String.join(", ", schedulers));
        }
    }

    private boolean isDefaultShift(String field, JsonNode value) {
        return field.equals("flowShift") && value.isNumber() && value.doubleValue() == model.flowShift();
    }
}
