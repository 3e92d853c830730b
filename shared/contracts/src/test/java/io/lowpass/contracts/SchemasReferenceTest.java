package io.lowpass.contracts;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.fields.Rule;
import io.lowpass.fields.policies.Policy;
import io.lowpass.fields.policies.PolicyTable;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The schemas of requests and jobs are those of the tables. */
class SchemasReferenceTest {

    private static final String FOLDER = "shared/contracts/src/main/resources/io/lowpass/contracts/schema/";

    @Test
    void theSchemaOfARequestHasTheTablesFields() throws IOException {
        // Given
        String file = FOLDER + EventType.REQUESTED.text() + ".json";
        ObjectNode schema = (ObjectNode) EventJson.mapper().readTree(GeneratedFile.read(file));
        // When
        schema.setAll(RequestFields.TABLE.schema());
        // Then
        GeneratedFile.check(file, text(schema));
    }

    @Test
    void theSchemaOfAJobHasTheTablesFieldsWithoutDefaults() throws IOException {
        // Given
        String file = FOLDER + EventType.RESOLVED.text() + ".json";
        ObjectNode schema = (ObjectNode) EventJson.mapper().readTree(GeneratedFile.read(file));
        ObjectNode before = (ObjectNode) schema.get("properties");
        // When
        ObjectNode properties = schema.putObject("properties");
        properties.set("jobId", before.get("jobId"));
        RequestFields.TABLE
                .fields()
                .forEach((name, field) -> properties.set(name, field.rule().schema()));
        properties.putObject("output").put("$ref", "urn:lowpass:schema:definitions#/$defs/output");
        properties.set("requestedAt", before.get("requestedAt"));
        // Then
        GeneratedFile.check(file, text(schema));
    }

    @Test
    void theSchemaOfCacheSettingsHasEveryPolicyWithItsOptions() throws IOException {
        // Given
        String file = FOLDER + "definitions.json";
        ObjectNode schema = (ObjectNode) EventJson.mapper().readTree(GeneratedFile.read(file));
        // When
        ObjectNode cache = schema.objectNode()
                .put("description", "Caching policy, preset, and the policy's options by name.")
                .put("type", "object");
        cache.putArray("required").add("policy");
        ArrayNode policies = cache.putArray("oneOf");
        PolicyTable.policies().forEach((name, policy) -> policies.add(policy(name, policy)));
        ((ObjectNode) schema.get("$defs")).set("cache", cache);
        // Then
        GeneratedFile.check(file, text(schema));
    }

    private static ObjectNode policy(String name, Policy policy) {
        ObjectNode schema = policy.options().schema();
        ObjectNode properties = schema.objectNode();
        properties.putObject("policy").put("const", name);
        if (!policy.presetNames().isEmpty()) {
            properties.set("preset", new Rule.Choice(policy.presetNames()).schema());
        }
        properties.setAll((ObjectNode) schema.get("properties"));
        // A request may leave a constant of the model to the model's profile.
        schema.putArray("required").add("policy");
        schema.set("properties", properties);
        return schema.objectNode()
                .put("title", name)
                .put("description", policy.about().description())
                .setAll(schema);
    }

    /** JSON with each element on a line of its own. */
    private static String text(JsonNode json) throws IOException {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        ObjectWriter writer = EventJson.mapper()
                .writer(new DefaultPrettyPrinter()
                        .withSeparators(Separators.createDefaultInstance()
                                .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                        .withObjectIndenter(indenter)
                        .withArrayIndenter(indenter));
        return writer.writeValueAsString(json) + "\n";
    }
}
