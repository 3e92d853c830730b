package io.lowpass.fields;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldTableTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final FieldTable TABLE = FieldTable.of(json("""
            {"share": {"type": "number", "min": 0, "minExcluded": true, "max": 1, "default": 0.5, "description": "a"},
             "open": {"type": "number", "min": 0, "max": 1, "maxExcluded": true, "description": "b"},
             "count": {"type": "integer", "min": 1, "max": 9, "defaultFrom": "other", "description": "c", "models": "some"},
             "other": {"type": "integer", "min": 1, "max": 9, "description": "d"},
             "on": {"type": "boolean", "default": false, "description": "e"},
             "word": {"type": "choice", "allowed": ["a", "b"], "default": "a", "description": "f",
                      "defaultIf": {"field": "on", "is": true, "then": "b"}},
             "text": {"type": "text", "maxBytes": 4, "pattern": "^x", "description": "g"},
             "list": {"type": "list", "minItems": 1, "maxItems": 3, "contains": 0, "first": 2, "description": "h",
                      "items": {"type": "integer", "min": 0, "max": 5}},
             "down": {"type": "list", "minItems": 1, "maxItems": 3, "descending": true, "description": "i",
                      "items": {"type": "number", "min": 0, "max": 1}},
             "unit": {"type": "choice", "allowed": ["timestep", "stepFraction"], "default": "timestep", "description": "j"},
             "window": {"type": "window", "unit": "unit", "default": [100, 800], "description": "k"},
             "group": {"type": "object", "description": "l", "options": {
                 "need": {"type": "integer", "min": 0, "max": 1, "required": true, "description": "m"},
                 "more": {"type": "integer", "min": 0, "max": 9, "default": 7, "description": "n"}}},
             "map": {"type": "map", "maxEntries": 1, "maxBytes": 3, "description": "o"},
             "image": {"type": "image", "description": "p"},
             "far": {"type": "table", "reference": "urn:x", "description": "q"}}
            """));

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"share\": 0} | share is 0, allowed is a number above 0 and at most 1",
                "{\"open\": 1} | open is 1, allowed is a number of at least 0 and below 1",
                "{\"word\": \"c\"} | word is \"c\", allowed is one of a, b",
                "{\"text\": \"xxxxx\"} | text is \"xxxxx\", allowed is at most 4 bytes in UTF-8",
                "{\"list\": [2, 1]} | list is [2,1], allowed is a list that contains 0",
                "{\"list\": [0]} | list is [0], allowed is a list that begins with 2",
                "{\"list\": []} | list is [], allowed is a list of 1 to 3 items",
                "{\"list\": [2, 0, 6]} | list.2 is 6, allowed is a whole number from 0 to 5",
                "{\"list\": 3} | list is 3, allowed is a list of 1 to 3 items",
                "{\"down\": [0.5, 0.5]} | down is [0.5,0.5], allowed is numbers of which each is below the one before it",
                "{\"window\": [2, 1]} | window is [2,1], allowed is a list of two ascending numbers with a whole number",
                "{\"window\": 1} | window is 1, allowed is a list of two ascending numbers",
                "{\"unit\": \"stepFraction\", \"window\": [1, 2]} | window is [1,2], allowed is a list of two ascending numbers of 0 to 1",
                "{\"group\": {}} | group.need is missing, allowed is a whole number from 0 to 1",
                "{\"group\": {\"need\": 1, \"x\": 2}} | group.x is 2, allowed is one of need, more",
                "{\"map\": {\"a\": \"b\", \"c\": \"d\"}} | map is \"2 entries\", allowed is at most 1",
                "{\"image\": 3} | image is 3, allowed is text",
                "{\"far\": 3} | far is 3, allowed is an object",
                "{\"x\": 3} | x is 3, allowed is one of share, open"
            })
    void whatAFieldMayNotBeIsNamed(String given, String message) {
        // Given
        Problems problems = new Problems();
        // When
        TABLE.check(new Fields("", json(given), problems));
        // Then
        assertThat(problems.list()).singleElement().asString().startsWith(message);
    }

    @Test
    void valuesAreCompletedWithDefaultsThatMayFollowFromOthers() {
        // When
        Values values = new Values(TABLE.complete(json("{\"other\": 4, \"on\": true, \"group\": {\"need\": 1}}")));
        Values plain =
                new Values(TABLE.complete(json("{\"unit\": \"stepFraction\", \"list\": [2, 0], \"text\": \"x\"}")));
        // Then
        assertThat(values.number("share")).isEqualTo(0.5);
        assertThat(values.has("open")).isFalse();
        assertThat(values.integer("count")).isEqualTo(4);
        assertThat(values.choice("word", Word.class)).isEqualTo(Word.B);
        assertThat(plain.choice("word", Word.class)).isEqualTo(Word.A);
        assertThat(values.group("group").orElseThrow().integer("more")).isEqualTo(7);
        assertThat(values.numbers("window")).containsExactly(100.0, 800.0);
        assertThat(plain.numbers("window"))
                .satisfiesExactly(
                        low -> assertThat(low).isEqualTo(1 - 0.8),
                        high -> assertThat(high).isEqualTo(0.9));
        assertThat(plain.integers("list")).containsExactly(2, 0);
        assertThat(plain.text("text")).isEqualTo("x");
        assertThat(plain.flag("on")).isFalse();
        assertThat(plain.group("group")).isEmpty();
    }

    private enum Word {
        A,
        B
    }

    @Test
    void everyRuleSaysItselfAsJsonSchema() {
        // When
        ObjectNode schema = TABLE.schema();
        // Then
        assertThat(schema.at("/properties/share").toString())
                .isEqualTo(
                        "{\"type\":\"number\",\"exclusiveMinimum\":0,\"maximum\":1,\"description\":\"a\",\"default\":0.5}");
        assertThat(schema.at("/properties/open/exclusiveMaximum").intValue()).isEqualTo(1);
        assertThat(schema.at("/properties/word/enum").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(schema.at("/properties/list/contains/const").intValue()).isZero();
        assertThat(schema.at("/properties/window/maxItems").intValue()).isEqualTo(2);
        assertThat(schema.at("/properties/group/required/0").textValue()).isEqualTo("need");
        assertThat(schema.at("/properties/map/additionalProperties/maxLength").intValue())
                .isEqualTo(3);
        assertThat(schema.at("/properties/image/maxLength").intValue()).isEqualTo(600_000);
        assertThat(schema.at("/properties/far/$ref").textValue()).isEqualTo("urn:x");
        assertThat(schema.at("/properties/text/pattern").textValue()).isEqualTo("^x");
        assertThat(schema.get("additionalProperties").booleanValue()).isFalse();
    }

    @Test
    void everyRuleSaysItselfInWords() {
        assertThat(TABLE.fields().values())
                .allSatisfy(field -> assertThat(field.rule().allowed()).isNotEmpty());
        assertThat(TABLE.get("list").rule().allowed())
                .isEqualTo(
                        "a list of 1 to 3 items, each a whole number from 0 to 5, that contains 0, that begins with 2");
        assertThat(TABLE.only(Field::isOwn).names()).containsExactly("count");
        assertThat(TABLE.without(List.of("share")).names()).doesNotContain("share");
    }
}
