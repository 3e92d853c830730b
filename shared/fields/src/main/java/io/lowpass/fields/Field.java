package io.lowpass.fields;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A row of a table: a field, what it may be, and everything that is said of it.
 *
 * @param rule what it may be
 * @param about what is said of it
 */
public record Field(Rule rule, About about) {

    /**
     * What is said of a field besides its rule.
     *
     * @param description what it is, for everybody who has not read the paper
     * @param unit what it counts
     * @param otherwise its value where it is not given
     * @param otherwiseAs the field whose value it has where it is not given
     * @param otherwiseIf its value where it is not given and another field has a certain value
     * @param otherwiseText what holds where it is not given, in words, if that is no fixed value
     * @param required whether it must be given
     * @param ofModel whether it is a constant of a model, which a model's profile may give
     * @param models the models that have a use for it, in words; all if not said
     * @param schedulers the schedulers that have a use for it; all if not said
     * @param counts the field that is the length of this list
     * @param option the option of commands that sets it
     * @param label what the help calls the option's value
     */
    public record About(
            String description,
            Optional<String> unit,
            @JsonProperty("default") Optional<JsonNode> otherwise,
            @JsonProperty("defaultFrom") Optional<String> otherwiseAs,
            @JsonProperty("defaultIf") Optional<Condition> otherwiseIf,
            @JsonProperty("defaultText") Optional<String> otherwiseText,
            Optional<Boolean> required,
            Optional<Boolean> ofModel,
            Optional<String> models,
            Optional<List<String>> schedulers,
            Optional<String> counts,
            Optional<String> option,
            Optional<String> label) {

        /** A value that is not there is read as null. */
        public About {
            otherwise = otherwise.filter(value -> !value.isNull());
        }
    }

    /**
     * A default that depends on another field.
     *
     * @param field the other field
     * @param is its value
     * @param then the default
     */
    public record Condition(String field, JsonNode is, JsonNode then) {}

    /** Whether it must be given. */
    public boolean isRequired() {
        return about.required().orElse(false);
    }

    /** Whether it is a constant of a model. */
    public boolean isOfModel() {
        return about.ofModel().orElse(false);
    }

    /** Whether only some models or schedulers have a use for it. */
    public boolean isOwn() {
        return about.models().isPresent() || about.schedulers().isPresent();
    }

    /** Its value where an object does not give it; nothing where it stays open. */
    Optional<JsonNode> otherwise(ObjectNode object) {
        Optional<JsonNode> conditional = about.otherwiseIf()
                .filter(condition -> condition.is().equals(object.get(condition.field())))
                .map(Condition::then);
        Optional<JsonNode> copied = about.otherwiseAs().flatMap(name -> Optional.ofNullable(object.get(name)));
        return conditional
                .or(() -> copied)
                .or(about::otherwise)
                .map(value -> rule instanceof Window window ? window.inUnit(value, object) : value);
    }

    /** What it is and may be, as JSON Schema. */
    public ObjectNode schema() {
        ObjectNode schema = rule.schema().put("description", about.description());
        about.otherwise().ifPresent(value -> schema.set("default", value));
        return schema;
    }
}
