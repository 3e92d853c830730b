package io.lowpass.contracts.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.contracts.RequestFields;
import io.lowpass.contracts.Size;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Violation;
import java.util.Optional;
import java.util.stream.LongStream;

/** The fields of a request whose bounds and defaults are the model's. */
final class ModelRules {

    private static final String STEPS = "steps";

    private final Fields request;
    private final ModelCard model;

    ModelRules(Fields request, ModelCard model) {
        this.request = request;
        this.model = model;
    }

    /** Notes what no model would take, where the model is not known. */
    void checkFormsOnly() {
        parseSize();
        RequestFields.integer(request, "numFrames");
        fps();
        steps();
        guidanceScale();
        flowShift();
        scheduler();
    }

    /** Notes everything that the model would not take. */
    void checkAll() {
        size();
        numFrames();
        fps();
        steps();
        guidanceScale();
        flowShift();
        scheduler();
    }

    Size size() {
        Optional<Size> size = parseSize();
        if (size.isPresent()) {
            checkSize(size.get());
        }
        return size.orElse(model.size());
    }

    private Optional<Size> parseSize() {
        Optional<String> text = RequestFields.text(request, "size");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Size.of(text.get()));
        } catch (IllegalArgumentException e) {
            request.refuse(Violation.FORM, "size", "WIDTHxHEIGHT in pixels, such as " + model.size());
            return Optional.empty();
        }
    }

    private void checkSize(Size size) {
        int multiple = model.sizeMultiple();
        String suggestion = ", such as " + new SizeRules(model).nearest(size);
        if (size.width() % multiple != 0 || size.height() % multiple != 0) {
            request.refuse(
                    Violation.MULTIPLE,
                    "size",
                    "width and height multiples of " + multiple + " for model " + model.name() + suggestion);
        } else if ((long) size.width() * size.height() > model.limits().pixels()) {
            request.refuse(
                    Violation.RANGE, "size", "at most " + model.limits().pixels() + " pixels in all" + suggestion);
        } else if (!new SizeRules(model).hasSides(size)) {
            ModelCard.Limits limits = model.limits();
            request.refuse(
                    Violation.RANGE,
                    "size",
                    "from " + limits.minWidth() + "x" + limits.minHeight() + " to " + limits.maxWidth() + "x"
                            + limits.maxHeight() + " for model " + model.name() + suggestion);
        }
    }

    int numFrames() {
        long frames = RequestFields.integer(request, "numFrames", model.limits().frames())
                .orElse(model.numFrames());
        if (frames != 1 && frames < model.limits().minFrames()) {
            request.refuse(
                    Violation.RANGE,
                    "numFrames",
                    "1, or " + model.limits().minFrames() + " to "
                            + model.limits().frames() + " for model " + model.name());
        } else if ((frames - 1) % model.frameMultiple() != 0) {
            long below = (frames - 1) / model.frameMultiple() * model.frameMultiple() + 1;
            request.refuse(
                    Violation.MULTIPLE,
                    "numFrames",
                    model.frameMultiple() + "n + 1 for model " + model.name() + ", such as "
                            + LongStream.of(below, below + model.frameMultiple())
                                    .filter(this::isAllowed)
                                    .mapToObj(Long::toString)
                                    .reduce((one, other) -> one + " or " + other)
                                    .orElseGet(() -> Integer.toString(model.numFrames())));
        }
        return (int) frames;
    }

    private boolean isAllowed(long frames) {
        return frames == 1
                || (frames >= model.limits().minFrames()
                        && frames <= model.limits().frames());
    }

    int fps() {
        return (int) RequestFields.integer(request, "fps", model.limits().fps()).orElse(model.fps());
    }

    /** As many as a list has that counts them, such as sigmas; the model's own number if there is none. */
    int steps() {
        long steps =
                RequestFields.integer(request, STEPS, model.limits().steps()).orElse(model.steps());
        for (String list : RequestFields.counting(STEPS)) {
            int counted = request.find(list).map(JsonNode::size).orElse(0);
            if (counted > model.limits().steps()) {
                request.refuse(
                        Violation.RANGE, list, "at most " + model.limits().steps() + " for model " + model.name());
            } else if (counted > 0) {
                request.require(
                        !request.has(STEPS) || steps == counted,
                        STEPS,
                        counted + ", the number of " + list + ", or nothing");
                steps = counted;
            }
        }
        return (int) steps;
    }

    double guidanceScale() {
        return RequestFields.number(request, "guidanceScale").orElse(model.guidanceScale());
    }

    double flowShift() {
        return RequestFields.number(request, "flowShift").orElse(model.flowShift());
    }

    String scheduler() {
        return request.oneOf("scheduler", model.schedulers(), " for model " + model.name())
                .orElse(model.scheduler());
    }
}
