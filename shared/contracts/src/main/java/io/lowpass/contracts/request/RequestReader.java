package io.lowpass.contracts.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.fields.Problem;
import io.lowpass.fields.Problems;
import io.lowpass.fields.Texts;
import io.lowpass.fields.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Bytes to a JSON object, with every fault that JSON itself knows. NaN and infinite numbers are read, against the
 * standard, so that they can be refused by the name of their field together with all other errors.
 */
final class RequestReader {

    static final int MAX_BYTES = 2 << 20;
    static final int MAX_DEPTH = 8;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_BYTES)
                    .maxNumberLength(400)
                    .build())
            .build();

    private final Problems problems;

    RequestReader(Problems problems) {
        this.problems = problems;
    }

    /** The object, or nothing if the bytes are none; the reason is among the problems then. */
    Optional<ObjectNode> read(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            problems.add(Violation.TOO_LARGE, "", bytes.length + " bytes", "at most " + MAX_BYTES + " bytes");
            return Optional.empty();
        }
        Optional<String> text = decode(bytes);
        return text.flatMap(this::parse);
    }

    private Optional<String> decode(byte[] bytes) {
        try {
            return Optional.of(Texts.decode(ByteBuffer.wrap(bytes), "it"));
        } catch (IllegalArgumentException e) {
            problems.add(Violation.NOT_UTF8, "", String.valueOf(e.getMessage()), "JSON in UTF-8");
            return Optional.empty();
        }
    }

    private Optional<ObjectNode> parse(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                problems.add(Violation.NOT_JSON, "", text, "a JSON object");
                return Optional.empty();
            }
            JsonNode root = value(parser, "", 0);
            if (parser.nextToken() != null) {
                problems.add(Violation.NOT_JSON, "", text, "one JSON object and nothing after it");
                return Optional.empty();
            }
            if (root instanceof ObjectNode object) {
                return Optional.of(object);
            }
            problems.add(Violation.NOT_AN_OBJECT, "", root, "a JSON object such as {\"prompt\": \"a red ball\"}");
        } catch (StreamConstraintsException e) {
            problems.add(Violation.TOO_DEEP, "", text, e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            problems.add(Violation.NOT_JSON, "", text, "JSON; " + firstLine(e.getOriginalMessage()) + where(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.empty();
    }

    private static String where(JsonProcessingException e) {
        return " at line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr();
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    private JsonNode value(JsonParser parser, String path, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new StreamConstraintsException(
                    "at most " + MAX_DEPTH + " levels of nesting", parser.currentLocation());
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, path, depth);
            case START_ARRAY -> array(parser, path, depth);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private static JsonNode integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private ObjectNode object(JsonParser parser, String path, int depth) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String field = path.isEmpty() ? name : path + "." + name;
            parser.nextToken();
            JsonNode value = value(parser, field, depth + 1);
            if (object.has(name)) {
                problems.add(Violation.DUPLICATE_FIELD, Problem.shorten(field), value, "each field once");
            } else {
                object.set(name, value);
            }
        }
        return object;
    }

    private ArrayNode array(JsonParser parser, String path, int depth) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, path + "[" + array.size() + "]", depth + 1));
        }
        return array;
    }
}
