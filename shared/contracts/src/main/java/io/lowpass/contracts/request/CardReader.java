package io.lowpass.contracts.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.RequestFields;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.request.ModelCard.Limits;
import io.lowpass.contracts.request.ModelCard.Worker;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One entry of a catalogue; what may be left out has the default that {@code OPERATIONS.md} tells. */
final class CardReader {

    private static final int MAX_TEXT = 4096;
    private static final Limits MOST = Limits.LARGEST;
    private static final int MAX_MULTIPLE = 1024;
    private static final int MAX_THREADS = 1024;
    private static final List<String> KNOWN = List.of(
            "name",
            "sizeMultiple",
            "frameMultiple",
            "size",
            "numFrames",
            "fps",
            "steps",
            "guidanceScale",
            "guidanceScale2",
            "flowShift",
            "scheduler",
            "schedulers",
            "fields",
            "needs",
            "cache",
            "limits",
            "worker");
    private static final List<String> WANTED = List.of(
            "name", "sizeMultiple", "frameMultiple", "size", "numFrames", "fps", "steps", "guidanceScale", "scheduler");

    private final Fields entry;

    CardReader(Fields entry) {
        this.entry = entry;
    }

    /** The entry, or nothing if the problems say why. */
    Optional<ModelCard> card() {
        int before = entry.problems().count();
        entry.allowOnly(KNOWN);
        WANTED.forEach(field -> entry.requirePresent(field, "a value: it has no default"));
        int multiple = whole(entry, "sizeMultiple", MAX_MULTIPLE, 1);
        String scheduler = entry.text("scheduler", MAX_TEXT).orElse("");
        List<String> fields = some("fields", ModelCard.OWN_FIELDS, List.of("negativePrompt", "flowShift"));
        ModelCard card = new ModelCard(
                name(),
                multiple,
                whole(entry, "frameMultiple", MAX_MULTIPLE, 1),
                size(),
                whole(entry, "numFrames", MOST.frames(), 1),
                whole(entry, "fps", MOST.fps(), 1),
                whole(entry, "steps", MOST.steps(), 1),
                RequestFields.number(entry, "guidanceScale").orElse(1),
                RequestFields.number(entry, "guidanceScale2"),
                RequestFields.number(entry, "flowShift").orElse(1),
                scheduler,
                some("schedulers", List.of(), List.of(scheduler)),
                fields,
                some("needs", fields, List.of()),
                cache(),
                limits(multiple),
                worker());
        if (entry.problems().count() == before) {
            // Its own defaults are a request like any other.
            new ModelRules(entry, card).checkAll();
            RequestedPolicy.checkSteps(entry, card.cache(), card.steps());
            if (card.guidanceScale2().isPresent() && !card.uses("guidanceScale2")) {
                entry.refuse(Violation.COMBINATION, "guidanceScale2", "none, unless `fields` names it, too");
            }
        }
        return entry.problems().count() == before ? Optional.of(card) : Optional.empty();
    }

    private String name() {
        Optional<String> name = entry.text("name", MAX_TEXT);
        if (name.filter(text -> !ModelCard.NAME.matcher(text).matches()).isPresent()) {
            entry.refuse(Violation.FORM, "name", ModelCard.NAMES);
        }
        return name.orElse("");
    }

    private Size size() {
        Size none = new Size(1, 1);
        try {
            return entry.text("size", MAX_TEXT).map(Size::of).orElse(none);
        } catch (IllegalArgumentException e) {
            entry.refuse(Violation.FORM, "size", "WIDTHxHEIGHT in pixels, such as 832x480");
            return none;
        }
    }

    private CacheSettings cache() {
        return entry.object("cache")
                .flatMap(cache -> RequestedPolicy.resolve(entry.within("cache", cache)))
                .orElse(CacheSettings.NONE);
    }

    private Limits limits(int multiple) {
        ObjectNode object = entry.object("limits").orElseGet(JsonNodeFactory.instance::objectNode);
        Fields limits = entry.within("limits", object);
        limits.allowOnly(List.of(
                "minWidth", "minHeight", "maxWidth", "maxHeight", "pixels", "minFrames", "frames", "steps", "fps"));
        return new Limits(
                whole(limits, "minWidth", MOST.maxWidth(), multiple),
                whole(limits, "minHeight", MOST.maxHeight(), multiple),
                whole(limits, "maxWidth", MOST.maxWidth(), MOST.maxWidth()),
                whole(limits, "maxHeight", MOST.maxHeight(), MOST.maxHeight()),
                whole(limits, "pixels", MOST.maxWidth() * MOST.maxHeight(), MOST.pixels()),
                whole(limits, "minFrames", MOST.frames(), MOST.minFrames()),
                whole(limits, "frames", MOST.frames(), MOST.frames()),
                whole(limits, "steps", MOST.steps(), MOST.steps()),
                whole(limits, "fps", MOST.fps(), MOST.fps()));
    }

    private Optional<Worker> worker() {
        Optional<ObjectNode> object = entry.object("worker");
        if (object.isEmpty()) {
            return Optional.empty();
        }
        Fields worker = entry.within("worker", object.get());
        worker.allowOnly(
                List.of("folder", "device", "vaeDevice", "dtype", "weights", "threads", "cacheProfiles", "memory"));
        worker.requirePresent("folder", "the folder of the model, on the workers");
        OptionalLong threads = worker.integer("threads", 1, MAX_THREADS);
        return Optional.of(new Worker(
                worker.text("folder", MAX_TEXT).orElse(""),
                device(worker, "device"),
                device(worker, "vaeDevice"),
                worker.oneOf("dtype", List.of("f32", "bf16"), ""),
                worker.oneOf("weights", List.of("auto", "resident", "streamed"), ""),
                threads.isPresent() ? OptionalInt.of((int) threads.getAsLong()) : OptionalInt.empty(),
                worker.text("cacheProfiles", MAX_TEXT),
                worker.integer("memory", 1, Long.MAX_VALUE)));
    }

    private static Optional<String> device(Fields worker, String name) {
        Optional<String> device = worker.text(name, MAX_TEXT);
        if (device.filter(text -> !ModelCard.Worker.DEVICE.matcher(text).matches())
                .isPresent()) {
            worker.refuse(Violation.FORM, name, ModelCard.Worker.DEVICES);
        }
        return device;
    }

    private static int whole(Fields fields, String name, int most, int otherwise) {
        return (int) fields.integer(name, 1, most).orElse(otherwise);
    }

    /** A list of words, each of them one of those allowed; any, where none are named. */
    private List<String> some(String field, List<String> allowed, List<String> otherwise) {
        Optional<JsonNode> list = entry.find(field);
        if (list.isEmpty()) {
            return otherwise;
        }
        List<String> words = new ArrayList<>();
        boolean texts = list.get().isArray();
        for (JsonNode word : list.get()) {
            texts &= word.isTextual();
            words.add(word.asText());
        }
        boolean known = field.equals("schedulers") || allowed.containsAll(words);
        if (!texts || !known) {
            entry.refuse(
                    texts ? Violation.UNKNOWN_VALUE : Violation.TYPE,
                    field,
                    "a list of " + (allowed.isEmpty() ? "texts" : "some of " + String.join(", ", allowed)));
        }
        return words;
    }
}
