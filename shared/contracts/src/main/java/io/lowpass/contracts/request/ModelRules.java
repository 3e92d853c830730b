package io.lowpass.contracts.request;

import io.lowpass.contracts.Size;
import java.util.Optional;
import java.util.stream.LongStream;

/** The fields of a request whose bounds and defaults are the model's. */
final class ModelRules {

    static final double MAX_GUIDANCE = 100;

    private static final int SIZE_BYTES = 32;
    static final double MIN_SHIFT = 0.01;
    static final double MAX_SHIFT = 100;

    private final Fields request;
    private final ModelCard model;

    ModelRules(Fields request, ModelCard model) {
        this.request = request;
        this.model = model;
    }

    /** Notes what no model would take, where the model is not known. */
    void checkFormsOnly() {
        parseSize();
        request.integer("numFrames", 1, Integer.MAX_VALUE);
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
        Optional<String> text = request.text("size", SIZE_BYTES);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Size.of(text.get()));
        } catch (IllegalArgumentException e) {
            request.refuse(Problem.FORM, "size", "WIDTHxHEIGHT in pixels, such as " + model.size());
            return Optional.empty();
        }
    }

    private void checkSize(Size size) {
        int multiple = model.sizeMultiple();
        String suggestion = ", such as " + new SizeRules(model).nearest(size);
        if (size.width() % multiple != 0 || size.height() % multiple != 0) {
            request.refuse(
                    Problem.MULTIPLE,
                    "size",
                    "width and height multiples of " + multiple + " for model " + model.name() + suggestion);
        } else if ((long) size.width() * size.height() > model.limits().pixels()) {
            request.refuse(Problem.RANGE, "size", "at most " + model.limits().pixels() + " pixels in all" + suggestion);
        } else if (!new SizeRules(model).hasSides(size)) {
            ModelCard.Limits limits = model.limits();
            request.refuse(
                    Problem.RANGE,
                    "size",
                    "from " + limits.minWidth() + "x" + limits.minHeight() + " to " + limits.maxWidth() + "x"
                            + limits.maxHeight() + " for model " + model.name() + suggestion);
        }
    }

    int numFrames() {
        long frames = request.integer("numFrames", 1, model.limits().frames()).orElse(model.numFrames());
        if (frames != 1 && frames < model.limits().minFrames()) {
            request.refuse(
                    Problem.RANGE,
                    "numFrames",
                    "1, or " + model.limits().minFrames() + " to "
                            + model.limits().frames() + " for model " + model.name());
        } else if ((frames - 1) % model.frameMultiple() != 0) {
            long below = (frames - 1) / model.frameMultiple() * model.frameMultiple() + 1;
            request.refuse(
                    Problem.MULTIPLE,
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
        return (int) request.integer("fps", 1, model.limits().fps()).orElse(model.fps());
    }

    int steps() {
        return (int) request.integer("steps", 1, model.limits().steps()).orElse(model.steps());
    }

    double guidanceScale() {
        return request.number("guidanceScale", 0, MAX_GUIDANCE).orElse(model.guidanceScale());
    }

    double flowShift() {
        return request.number("flowShift", MIN_SHIFT, MAX_SHIFT).orElse(model.flowShift());
    }

    String scheduler() {
        return request.oneOf("scheduler", model.schedulers(), " for model " + model.name())
                .orElse(model.scheduler());
    }
}
