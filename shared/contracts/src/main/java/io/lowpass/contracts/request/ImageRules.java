package io.lowpass.contracts.request;

import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.Job;
import java.util.Optional;
import java.util.OptionalDouble;

/** The fields of a request that only some models have a use for: images, and the guidance of a second expert. */
final class ImageRules {

    private static final String FIRST = "image";
    private static final String LAST = "lastImage";

    private final Fields request;

    ImageRules(Fields request) {
        this.request = request;
    }

    /** The job with what the request says. */
    Job complete(Job job) {
        Optional<InlineImage> last = image(LAST);
        if (last.isPresent() && request.find(FIRST).isEmpty()) {
            request.refuse(Problem.COMBINATION, LAST, "only with image: the video leads from one to the other");
        }
        OptionalDouble guidance = request.number("guidanceScale2", 0, ModelRules.MAX_GUIDANCE);
        return job.with(guidance, image(FIRST), last);
    }

    private Optional<InlineImage> image(String field) {
        Optional<String> text = request.text(field, InlineImage.MAX_LENGTH);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InlineImage.of(text.get()));
        } catch (IllegalArgumentException e) {
            request.refuse(Problem.FORM, field, InlineImage.FORM);
            return Optional.empty();
        }
    }
}
