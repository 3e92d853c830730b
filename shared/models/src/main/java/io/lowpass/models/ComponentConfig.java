package io.lowpass.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A JSON settings file of a model folder, read field by field. A field that is absent or null takes its default; one of
 * the wrong type or range is an error that names file, field, value and what is allowed.
 */
public final class ComponentConfig {

    /** Python writes infinite numbers, which JSON does not know; schedulers have such. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final String source;
    private final JsonNode root;

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
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + " does not exist");
        }
        try {
            return of(file.toString(), JSON.readTree(file.toFile()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
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
        return root.hasNonNull(field);
    }

    /** A whole number of at least 1. */
    public int positive(String field) {
        return value(field, "a whole number of at least 1", ComponentConfig::isPositive, JsonNode::intValue);
    }

    /** A whole number of at least 1, with a default. */
    public int positive(String field, int absent) {
        return has(field) ? positive(field) : absent;
    }

    /** A finite number. */
    public double number(String field) {
        return value(field, "a finite number", ComponentConfig::isFinite, JsonNode::doubleValue);
    }

    /** A finite number, with a default. */
    public double number(String field, double absent) {
        return has(field) ? number(field) : absent;
    }

    /** A truth value, with a default. */
    public boolean flag(String field, boolean absent) {
        return has(field) ? value(field, "true or false", JsonNode::isBoolean, JsonNode::booleanValue) : absent;
    }

    /** A text, if the field is there. */
    public Optional<String> text(String field) {
        return has(field)
                ? Optional.of(value(field, "a text", JsonNode::isTextual, JsonNode::textValue))
                : Optional.empty();
    }

    /** A list of whole numbers of at least 1. */
    public List<Integer> positives(String field) {
        return list(field, "a list of whole numbers of at least 1", ComponentConfig::isPositive, JsonNode::intValue);
    }

    /** A list of finite numbers. */
    public List<Double> numbers(String field) {
        return list(field, "a list of finite numbers", ComponentConfig::isFinite, JsonNode::doubleValue);
    }

    /** A list of truth values. */
    public List<Boolean> flags(String field) {
        return list(field, "a list of true and false", JsonNode::isBoolean, JsonNode::booleanValue);
    }

    /**
     * Refuses any value of a field but those that the code implements; absent is allowed if {@code null} is.
     *
     * @param allowed JSON texts, such as {@code null}, {@code false}, {@code "gated-gelu"}
     */
    public ComponentConfig requireOneOf(String field, String... allowed) {
        String text =
                root.path(field).isMissingNode() ? "null" : root.path(field).toString();
        if (Stream.of(allowed).noneMatch(text::equals)) {
            throw refused(field, String.join(" or ", allowed));
        }
        return this;
    }

    /** Refuses fields that are not known; names that begin with an underscore are notes. */
    public ComponentConfig requireKnown(Set<String> known) {
        root.fieldNames().forEachRemaining(field -> {
            if (!field.startsWith("_") && !known.contains(field)) {
                throw new IllegalArgumentException(source + ": '" + field + "' is not a known setting");
            }
        });
        return this;
    }

    /** The error for a field whose value is not allowed. */
    public IllegalArgumentException refused(String field, String allowed) {
        JsonNode node = root.path(field);
        String value = node.isMissingNode() ? "absent" : node.toString();
        String shortened = value.length() > 80 ? value.substring(0, 80) + "..." : value;
        return new IllegalArgumentException(source + ": " + field + " is " + shortened + ", allowed is " + allowed);
    }

    private <T> T value(String field, String allowed, Predicate<JsonNode> valid, Function<JsonNode, T> read) {
        JsonNode node = root.path(field);
        if (!valid.test(node)) {
            throw refused(field, allowed);
        }
        return read.apply(node);
    }

    private <T> List<T> list(String field, String allowed, Predicate<JsonNode> valid, Function<JsonNode, T> read) {
        Predicate<JsonNode> all = node -> node.isArray() && node.valueStream().allMatch(valid);
        return value(field, allowed, all, node -> node.valueStream().map(read).toList());
    }

    private static boolean isPositive(JsonNode node) {
        return node.isNumber()
                && node.canConvertToInt()
                && node.intValue() >= 1
                && node.intValue() == node.doubleValue();
    }

    private static boolean isFinite(JsonNode node) {
        return node.isNumber() && Double.isFinite(node.doubleValue());
    }
}
