package io.lowpass.contracts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.lowpass.fields.Texts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Strict parser for JSON from other programs: input is read as it is or rejected, never repaired, and what was read can
 * be written again. Besides invalid JSON, it rejects duplicate fields, text in place of numbers and vice versa, numbers
 * that are not finite, unpaired surrogates, deep nesting, times outside the years 1970 to 9999, and trailing content.
 */
final class ForeignJson {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER = 400;
    private static final int SHOWN = 300;
    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER)
                            .build())
                    .build())
            .addModules(
                    new Jdk8Module(),
                    new SimpleModule("foreign")
                            .addDeserializer(Instant.class, new Time())
                            .addDeserializer(Double.class, new FiniteNumber())
                            .addDeserializer(Double.TYPE, new FiniteNumber()))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    textual -> textual.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private ForeignJson() {}

    /**
     * Parses bytes.
     *
     * @throws IllegalArgumentException with the reason if they are invalid
     */
    static JsonNode tree(ByteBuffer bytes) {
        return tree(Texts.decode(bytes, "its value"));
    }

    /** Parses text. */
    static JsonNode tree(String text) {
        try {
            JsonNode tree = MAPPER.readTree(text);
            if (tree.isMissingNode()) {
                throw new IllegalArgumentException("there is no JSON");
            }
            check(tree);
            return tree;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(reason(e), e);
        }
    }

    /**
     * Converts parsed JSON to an object.
     *
     * @throws IllegalArgumentException with the reason if it does not fit the type
     */
    static <T> T value(JsonNode tree, Class<T> type) {
        if (tree.isNull()) {
            throw new IllegalArgumentException("it is null");
        }
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(reason(e), e);
        }
    }

    private static void check(JsonNode node) {
        if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            throw new IllegalArgumentException("a number is too large for 64 bits");
        }
        if (node.isTextual()) {
            requireUnicode(node.textValue());
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            requireUnicode(field.getKey());
        }
        node.forEach(ForeignJson::check);
    }

    private static void requireUnicode(String text) {
        if (!Texts.isUnicode(text)) {
            throw new IllegalArgumentException(
                    "the text '" + Texts.shorten(text, SHOWN) + "' has half of a surrogate pair");
        }
    }

    /** The field and the parser's message, without its excerpts of the input, which can be many lines long. */
    private static String reason(JsonProcessingException e) {
        String field = e instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                        .collect(Collectors.joining("."))
                : "";
        // The text in brackets is advice for the developer.
        String message =
                e.getOriginalMessage().lines().findFirst().orElse("no JSON").split(" \\(set ", 2)[0];
        return Texts.shorten(field.isEmpty() ? message : "field '" + field + "': " + message, SHOWN);
    }

    private static final class Time extends StdScalarDeserializer<Instant> {

        private static final long serialVersionUID = 1L;

        Time() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                return (Instant) context.handleUnexpectedToken(Instant.class, json);
            }
            try {
                return time(json.getText());
            } catch (IllegalArgumentException e) {
                return context.reportInputMismatch(this, "%s", e.getMessage());
            }
        }
    }

    /**
     * A time in ISO 8601.
     *
     * @throws IllegalArgumentException if it has another format or lies outside the years 1970 to 9999
     */
    static Instant time(String text) {
        try {
            Instant time = Instant.parse(text);
            if (time.isBefore(FIRST) || time.isAfter(LAST)) {
                throw new DateTimeException("the year is not one of 1970 to 9999");
            }
            return time;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + Texts.shorten(text, SHOWN) + "' is no time such as 2026-01-02T03:04:05Z, in 1970 to 9999", e);
        }
    }

    /** Accepts only a JSON number: Jackson would read the texts NaN and Infinity, too. */
    private static final class FiniteNumber extends StdScalarDeserializer<Double> {

        private static final long serialVersionUID = 1L;

        FiniteNumber() {
            super(Double.class);
        }

        @Override
        public Double deserialize(JsonParser json, DeserializationContext context) throws IOException {
            if (!json.currentToken().isNumeric()) {
                return (Double) context.handleUnexpectedToken(Double.class, json);
            }
            return json.getDoubleValue();
        }
    }
}
