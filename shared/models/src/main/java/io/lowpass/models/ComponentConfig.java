package io.lowpass.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.fields.Fields;
import io.lowpass.fields.InvalidFieldsException;
import io.lowpass.fields.Items;
import io.lowpass.fields.Problem;
import io.lowpass.fields.Problems;
import io.lowpass.fields.Rule;
import io.lowpass.fields.Values;
import io.lowpass.fields.Violation;
import io.lowpass.tensor.ModelFile;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A JSON settings file of a model folder, read field by field. A field that is absent or null takes its default; one of
 * the wrong type or range is an error that names file, field, value and what is allowed.
 */
public final class ComponentConfig {

    /** Python writes infinite numbers, which JSON does not know; schedulers have such. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Bytes of a settings file; the largest that are known are vocabularies of a megabyte. */
    private static final int LONGEST_FILE = 8_000_000;

    /** Far above what any model has, and so low that a width may be multiplied by a count. */
    private static final int LARGEST = 500_000;

    private static final int LARGEST_OF_LIST = 65_536;

    /** Of what is counted one by one: layers, heads, levels. */
    private static final int MOST = 1024;

    private static final int LONGEST_LIST = 64;

    private static final Rule RATIO = Rule.Finite.above(0, 64);
    private static final Rule TEXT = Rule.Text.ANY;
    private static final Rule NUMBERS = Items.of(Rule.Finite.ANY, 0, Integer.MAX_VALUE);
    private static final Rule FLAGS = Items.of(new Rule.Flag(), 0, Integer.MAX_VALUE);

    private final String source;
    private final JsonNode root;
    private final Set<String> asked = new HashSet<>();

    private ComponentConfig(String source, JsonNode root) {
        this.source = source;
        this.root = root;
    }

    /**
     * Reads {@code config.json} of a component folder.
     *
     * @throws IllegalArgumentException if there is none, or it is no JSON object
     */
    public static ComponentConfig read(Path folder) {
        return file(folder.resolve("config.json"));
    }

    /**
     * Reads a settings file.
     *
     * @throws IllegalArgumentException if there is none, or it is no JSON object
     */
    public static ComponentConfig file(Path file) {
        return file(file, LONGEST_FILE);
    }

    /**
     * Reads a settings file.
     *
     * @param longest bytes that it may have
     * @throws IllegalArgumentException if there is none, it is longer, or it is no JSON object
     */
    public static ComponentConfig file(Path file, int longest) {
        String text = ModelFile.text(file, longest);
        try {
            return of(file.toString(), JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Settings that are in memory.
     *
     * @param source what errors call them
     */
    public static ComponentConfig of(String source, JsonNode root) {
        if (!root.isObject()) {
            throw new IllegalArgumentException(source + " is not a JSON object");
        }
        return new ComponentConfig(source, root);
    }

    /** What errors call these settings. */
    public String source() {
        return source;
    }

    /** The settings as they are. */
    public JsonNode json() {
        return root;
    }

    /** Whether a field is there and not null. */
    public boolean has(String field) {
        asked.add(field);
        return root.hasNonNull(field);
    }

    /** A whole number of at least 1, and no larger than that of any model. */
    public int positive(String field) {
        return whole(field, LARGEST);
    }

    /** A whole number of at least 1, with a default. */
    public int positive(String field, int absent) {
        return has(field) ? positive(field) : absent;
    }

    /** A whole number of 1 to 1024, of which there are as many layers, heads, ... */
    public int count(String field) {
        return whole(field, MOST);
    }

    /** A whole number of 1 to 1024, with a default. */
    public int count(String field, int absent) {
        return has(field) ? count(field) : absent;
    }

    private int whole(String field, int most) {
        return checked(field, new Rule.Whole(1, most)).integer(field);
    }

    /** A finite number. */
    public double number(String field) {
        return checked(field, Rule.Finite.ANY).number(field);
    }

    /** A finite number, with a default. */
    public double number(String field, double absent) {
        return has(field) ? number(field) : absent;
    }

    /** A number above 0 and at most 64, with a default. */
    public double ratio(String field, double absent) {
        return has(field) ? checked(field, RATIO).number(field) : absent;
    }

    /** A truth value, with a default. */
    public boolean flag(String field, boolean absent) {
        return has(field) ? checked(field, new Rule.Flag()).flag(field) : absent;
    }

    /** A text, if the field is there. */
    public Optional<String> text(String field) {
        return has(field) ? Optional.of(checked(field, TEXT).text(field)) : Optional.empty();
    }

    /** A list of whole numbers of at least 1. */
    public List<Integer> positives(String field) {
        return wholes(field, LARGEST_OF_LIST);
    }

    /** A list of whole numbers of 1 to 1024. */
    public List<Integer> counts(String field) {
        return wholes(field, MOST);
    }

    private List<Integer> wholes(String field, int most) {
        return checked(field, Items.of(new Rule.Whole(1, most), 0, LONGEST_LIST))
                .integers(field);
    }

    /** A list of finite numbers. */
    public List<Double> numbers(String field) {
        return checked(field, NUMBERS).numbers(field);
    }

    /** A list of truth values. */
    public List<Boolean> flags(String field) {
        return checked(field, FLAGS).flags(field);
    }

    /** Other settings follow from this one, so that the first that cannot be used ends the reading. */
    private Values checked(String field, Rule rule) {
        asked.add(field);
        Problems problems = new Problems();
        ObjectNode object = (ObjectNode) root;
        Fields fields = new Fields("", object, problems);
        fields.requirePresent(field, rule.allowed());
        rule.check(fields, field);
        problems.requireNone(source);
        return new Values(object);
    }

    /**
     * Refuses any value of a field but those that the code implements; absent is allowed if {@code null} is.
     *
     * @param allowed JSON texts, such as {@code null}, {@code false}, {@code "gated-gelu"}
     */
    public ComponentConfig requireOneOf(String field, String... allowed) {
        asked.add(field);
        String text =
                root.path(field).isMissingNode() ? "null" : root.path(field).toString();
        if (Stream.of(allowed).noneMatch(text::equals)) {
            throw refused(field, String.join(" or ", allowed));
        }
        return this;
    }

    /** Names fields that have no effect on what is computed. */
    public ComponentConfig ignoring(String... fields) {
        asked.addAll(List.of(fields));
        return this;
    }

    /** Refuses fields that were neither read nor ignored; names that begin with an underscore are notes. */
    public ComponentConfig requireAllRead() {
        root.fieldNames().forEachRemaining(field -> {
            if (!field.startsWith("_") && !asked.contains(field)) {
                throw new IllegalArgumentException(source + ": '" + field + "' is not a known setting");
            }
        });
        return this;
    }

    /** The error for a field whose value is not allowed. */
    public IllegalArgumentException refused(String field, String allowed) {
        return new InvalidFieldsException(
                source, List.of(new Problem(Violation.FORM, field, root.path(field), allowed)));
    }
}
