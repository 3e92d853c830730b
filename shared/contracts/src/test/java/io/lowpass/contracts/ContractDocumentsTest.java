package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lowpass.testing.SampleRequests;
import io.lowpass.testing.SampleRequests.SampleRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published documents and the code say the same. */
class ContractDocumentsTest {

    private final EventSchemas schemas = new EventSchemas();

    static List<Event> events() {
        return Samples.EVENTS;
    }

    static List<SampleRequest> good() {
        return SampleRequests.good();
    }

    private static JsonNode asyncApi() throws IOException {
        try (InputStream in = Objects.requireNonNull(Events.class.getResourceAsStream("asyncapi.yaml"))) {
            return new YAMLMapper().readTree(in);
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyEventFitsItsSchema(Event event) {
        assertThat(schemas.check(Samples.received(Events.record(event)))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("good")
    void everyGoodRequestFitsTheSchemaOfRequests(SampleRequest request) {
        assertThat(schemas.check(EventType.REQUESTED, request.body())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("events")
    void aSchemaKnowsEveryFieldAndNoOther(Event event) throws IOException {
        // Given
        JsonNode schema =
                EventJson.mapper().readTree(EventSchemas.text(event.type().text()));
        JsonNode data = EventJson.mapper().valueToTree(event);

        // When
        Set<String> described = names(schema.get("properties"));
        Set<String> required = new HashSet<>();
        schema.get("required").forEach(name -> required.add(name.textValue()));

        // Then
        assertThat(described).containsAll(names(data));
        assertThat(names(data)).containsAll(required);
        assertThat(schema.get("additionalProperties").booleanValue()).isFalse();
    }

    @Test
    void aFieldThatIsMissingOrOfAnotherTypeOrUnknownIsCaught() {
        // Given
        String cancel = "{\"jobId\": \"j\", \"at\": \"2026-01-02T03:04:05Z\", \"reason\": \"r\"}";

        // Then
        assertThat(checkCancel(cancel)).isEmpty();
        assertThat(checkCancel(cancel.replace("\"r\"", "3"))).hasSize(1);
        assertThat(checkCancel(cancel.replace("reason", "because"))).hasSize(1);
        assertThat(checkCancel("{}")).isEmpty();
        assertThat(schemas.check(
                        EventType.CANCELLED, "{\"jobId\": \"j\", \"atStep\": 1}".getBytes(StandardCharsets.UTF_8)))
                .hasSize(3);
        assertThat(checkCancel(cancel.replace("2026-01-02T03:04:05Z", "yesterday")))
                .hasSize(1);
    }

    private List<String> checkCancel(String json) {
        return schemas.check(EventType.CANCEL_REQUESTED, json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void headersThatDoNotFitTheEventAreCaught() {
        // Given
        ProducerRecord<String, byte[]> sent = Events.record(Samples.JOB);

        // When
        sent.headers().remove("ce_id").add("ce_id", new byte[] {'x'});
        sent.headers().remove("ce_source");

        // Then
        assertThat(schemas.check(Samples.received(sent)))
                .singleElement()
                .asString()
                .contains("ce_source");
        sent.headers().add("ce_source", EventType.RESOLVED.source().getBytes(StandardCharsets.UTF_8));
        assertThat(schemas.check(Samples.received(sent)))
                .singleElement()
                .asString()
                .contains("ce_id is 'x'");
        sent.headers().remove(Events.TYPE_HEADER);
        assertThat(schemas.check(Samples.received(sent)))
                .singleElement()
                .asString()
                .contains("ce_type");
    }

    @Test
    void aSchemaThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> EventSchemas.text("other")).hasMessageContaining("'other'");
    }

    @Test
    void asyncApiHasEveryTopicAsItIsMade() throws IOException {
        // Given
        Map<String, JsonNode> channels = new TreeMap<>();
        asyncApi()
                .get("channels")
                .forEach(channel -> channels.put(channel.get("address").textValue(), channel));

        // Then
        assertThat(channels.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        TopicSpec.ALL.stream().map(TopicSpec::name).toList());
        for (TopicSpec spec : TopicSpec.ALL) {
            JsonNode kafka = Objects.requireNonNull(channels.get(spec.name())).at("/bindings/kafka");
            JsonNode config = kafka.get("topicConfiguration");
            assertThat(kafka.get("topic").textValue()).isEqualTo(spec.name());
            List<String> cleanup = new ArrayList<>();
            config.get("cleanup.policy").forEach(policy -> cleanup.add(policy.textValue()));
            assertThat(cleanup).containsExactly(spec.cleanup().split(","));
            assertThat(config.get("max.message.bytes").intValue()).isEqualTo(spec.maxMessageBytes());
            if (cleanup.contains("delete")) {
                assertThat(config.get("retention.ms").longValue())
                        .isEqualTo(spec.retention().toMillis());
            }
        }
    }

    @Test
    void asyncApiHasEveryTypeOnItsTopicWithItsSchema() throws IOException {
        // Given
        JsonNode document = asyncApi();
        Map<String, String> topics = new TreeMap<>();
        for (JsonNode channel : document.get("channels")) {
            for (JsonNode reference : channel.get("messages")) {
                JsonNode message = resolve(document, reference);
                if (message.at("/payload/schema/$ref").isTextual()) {
                    String name = message.get("name").textValue();
                    topics.put(name, channel.get("address").textValue());
                    assertThat(message.at("/payload/schema/$ref").textValue()).isEqualTo("schema/" + name + ".json");
                    assertThat(EventSchemas.text(name)).contains(EventSchemas.PREFIX + name);
                }
            }
        }

        // Then
        assertThat(topics)
                .isEqualTo(
                        Arrays.stream(EventType.values()).collect(Collectors.toMap(EventType::text, EventType::topic)));
    }

    @Test
    void asyncApiHasEveryHeaderThatIsSent() throws IOException {
        // Given
        JsonNode document = asyncApi();
        Chunk chunk = Chunk.abort("j", 1, "r");

        // Then
        assertThat(headers(document, "cloudEvent")).isEqualTo(sent(Events.record(Samples.JOB)));
        assertThat(headers(document, "chunk"))
                .isEqualTo(sent(Chunks.record(Topics.MEDIA, chunk)).stream()
                        .filter(name -> !name.startsWith("attr."))
                        .collect(Collectors.toSet()));
        Set<String> added = new TreeSet<>(
                sent(DeadLetters.record(Samples.received(Chunks.record(Topics.MEDIA, chunk)), "storage", 1, "c", "e")));
        added.removeAll(sent(Chunks.record(Topics.MEDIA, chunk)));
        assertThat(names(document.at("/components/messages/deadLetter/headers/properties")))
                .isEqualTo(added);
    }

    @Test
    void everyReferenceWithinAsyncApiLeadsSomewhere() throws IOException {
        // Given
        JsonNode document = asyncApi();

        // Then
        List<String> references = new ArrayList<>(document.findValuesAsText("$ref"));
        assertThat(references).isNotEmpty();
        assertThat(references)
                .filteredOn(reference -> reference.startsWith("#"))
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .isFalse());
        assertThat(document.get("asyncapi").textValue()).startsWith("3.");
        assertThat(StreamSupport.stream(document.get("operations").spliterator(), false))
                .allSatisfy(operation ->
                        assertThat(operation.get("action").textValue()).isIn("send", "receive"));
    }

    private static JsonNode resolve(JsonNode document, JsonNode reference) {
        return document.at(reference.get("$ref").textValue().substring(1));
    }

    private static Set<String> headers(JsonNode document, String trait) {
        return names(document.at("/components/messageTraits/" + trait + "/headers/properties"));
    }

    private static Set<String> sent(ProducerRecord<String, byte[]> record) {
        Set<String> names = new TreeSet<>();
        record.headers().forEach(header -> names.add(header.key()));
        return names;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
