package io.lowpass.contracts.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.Job;
import java.util.Optional;
import java.util.OptionalDouble;

/** The fields of a request that only some models have a use for: kinds of guidance, images. */
final class OwnFieldRules {

    private static final String FIRST = "image";
    private static final String LAST = "lastImage";
    private static final String DYNAMIC = "useDynamicCfg";
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
        ModelCard.OWN_FIELDS.forEach(this::requireUse);
        model.needs()
                .forEach(field -> request.require(field, "what model " + model.name() + " needs in every request"));
        Optional<InlineImage> last = image(LAST);
        if (last.isPresent() && request.find(FIRST).isEmpty() && model.uses(LAST)) {
            request.refuse(Problem.COMBINATION, LAST, "only with image: the video leads from one to the other");
        }
        if (last.isPresent() && job.numFrames() == 1 && model.uses(LAST)) {
            request.refuse(Problem.COMBINATION, LAST, "only with numFrames of 2 or more");
        }
        Job complete = job.withGuidance(later(), scale(TRUE_CFG), request.trueOrFalse(DYNAMIC))
                .withImages(image(FIRST), last);
        requireEffect(complete);
        return complete;
    }

    /** Notes a negative prompt that no step would follow. */
    private void requireEffect(Job complete) {
        if (!complete.negativePrompt().isBlank() && model.uses(NEGATIVE) && !isGuided(complete)) {
            request.refuse(
                    Problem.COMBINATION,
                    NEGATIVE,
                    "only with " + (model.uses(TRUE_CFG) ? TRUE_CFG : "guidanceScale")
                            + " above 1: without classifier-free guidance it has no effect");
        }
    }

    /** Whether any step follows the negative prompt. */
    private boolean isGuided(Job job) {
        return model.uses(TRUE_CFG)
                ? job.trueCfgScale().orElse(0) > 1
                : job.guidanceScale() > 1 || job.guidanceScale2().orElse(0) > 1;
    }

    /** What means the same as nothing is allowed to any model: an empty negative prompt, the model's own shift. */
    private void requireUse(String field) {
        boolean said = request.find(field)
                .filter(value -> !(value.isTextual() && value.textValue().isEmpty()))
                .filter(value -> !isDefaultShift(field, value))
                .isPresent();
        if (said && !model.uses(field)) {
            request.refuse(
                    Problem.UNSUPPORTED,
                    field,
                    "nothing: model " + model.name() + " has no use for it"
                            + (model.fields().isEmpty() ? "" : ", but for " + String.join(", ", model.fields())));
        }
    }

    private boolean isDefaultShift(String field, JsonNode value) {
        return field.equals("flowShift") && value.isNumber() && value.doubleValue() == model.flowShift();
    }

    /** The model's own where the request says nothing of guidance; else as the first expert's, or what it says. */
    private OptionalDouble later() {
        OptionalDouble asked = scale("guidanceScale2");
        boolean open = asked.isEmpty() && request.find("guidanceScale").isEmpty();
        return open ? model.guidanceScale2() : asked;
    }

    private OptionalDouble scale(String field) {
        return request.number(field, 0, ModelRules.MAX_GUIDANCE);
    }

    /** The form of an image, and what is wrong with this one unless that is the form. */
    private static String allowed(IllegalArgumentException error) {
        String problem = String.valueOf(error.getMessage());
        return problem.contains(InlineImage.FORM) ? InlineImage.FORM : InlineImage.FORM + "; this " + problem;
    }

    private Optional<InlineImage> image(String field) {
        Optional<String> text = request.text(field, InlineImage.MAX_LENGTH);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InlineImage.of(text.get()));
        } catch (IllegalArgumentException e) {
            request.refuse(Problem.FORM, field, allowed(e));
            return Optional.empty();
        }
    }
}
