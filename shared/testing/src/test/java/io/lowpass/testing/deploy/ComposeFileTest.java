package io.lowpass.testing.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** {@code docker-compose.yml} against the Compose Specification's schema, and against what we promise of it. */
class ComposeFileTest {

    private static final Set<String> OURS = Set.of("ingestion", "sampler", "encoder", "storage");

    /** Where the catalogue is; Compose puts the second in the place of what is not set. */
    private static final String MOUNT = "${MODELS_CATALOGUE:-./deploy/models.yaml}";

    private final String text = ProjectFiles.text("docker-compose.yml");
    private final JsonNode compose = ProjectFiles.yaml(text).get(0);

    ComposeFileTest() throws IOException {}

    @Test
    void fitsTheSchema() throws IOException {
        // When
        List<Error> errors = schema().validate(compose);

        // Then
        assertThat(errors).isEmpty();
    }

    @Test
    void theSchemaCatchesATypingError() throws IOException {
        // Given
        JsonNode wrong =
                ProjectFiles.yaml(text.replaceFirst("    ports:", "    portz:")).get(0);

        // When
        List<Error> errors = schema().validate(wrong);

        // Then
        assertThat(errors).anySatisfy(error -> assertThat(error.getMessage()).contains("portz"));
    }

    @Test
    void everyPortIsBoundToLoopback() {
        assertThat(values("ports")).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void whatIsPublishedOfAServiceIsWhereItsImageListens() throws IOException {
        // Given
        String listens = ImagePorts.requests();

        // When
        Map<String, String> published = OURS.stream()
                .filter(name -> compose.path("services").path(name).has("ports"))
                .collect(Collectors.toMap(
                        name -> name,
                        name -> compose.at("/services/" + name + "/ports/0").asText()));

        // Then
        assertThat(published)
                .isEqualTo(Map.of(
                        "ingestion", "127.0.0.1:8080:" + listens,
                        "storage", "127.0.0.1:8084:" + listens));
        assertThat(compose.at("/services/ingestion/environment/LOWPASS_INGESTION_VIDEOS")
                        .asText())
                .isEqualTo("http://localhost:8084/videos");
        assertThat(text).doesNotContain("QUARKUS_HTTP_PORT");
    }

    @Test
    void everyImageIsPinned() {
        assertThat(compose.path("services").findValuesAsText("image"))
                .isNotEmpty()
                .allMatch(image -> Pattern.matches("\\S+:\\S+", image) && !image.endsWith(":latest"));
    }

    @Test
    void secretsComeFromTheEnvironmentOnly() {
        // Given
        Pattern secret = Pattern.compile("(?m)^\\s+(\\w*(?:PASSWORD|SECRET|ACCESS_KEY|ROOT_USER)\\w*):\\s*(.*)$");

        // When
        List<String> given =
                secret.matcher(text).results().map(match -> match.group(2)).toList();

        // Then
        assertThat(given)
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(value -> value.startsWith("${") && value.contains(":?"));
    }

    @Test
    void eachServiceIsCheckedAndWaitsForWhatItNeeds() {
        assertThat(OURS).allSatisfy(name -> {
            JsonNode service = compose.path("services").path(name);
            assertThat(service.at("/healthcheck/test"))
                    .as("health check of %s", name)
                    .isNotEmpty();
            assertThat(service.at("/depends_on/kafka/condition").asText()).isEqualTo("service_healthy");
            assertThat(service.at("/build/args/SERVICE").asText()).isEqualTo(name);
        });
    }

    @Test
    void modelsAreMountedReadOnly() {
        assertThat(values("volumes").filter(volume -> volume.contains(":/models")))
                .hasSize(2)
                .allMatch(volume -> volume.endsWith(":ro"));
    }

    @Test
    void whoTakesRequestsAndWhoWorksOnThemReadTheSameCatalogue() {
        assertThat(List.of("ingestion", "sampler", "encoder")).allSatisfy(name -> {
            JsonNode service = compose.path("services").path(name);
            String file = service.at("/environment/LOWPASS_CATALOGUE").asText();
            assertThat(file).isNotEmpty();
            assertThat(service.path("volumes")).extracting(JsonNode::asText).contains(MOUNT + ":" + file + ":ro");
        });
    }

    private Stream<String> values(String key) {
        return StreamSupport.stream(compose.path("services").spliterator(), false)
                .flatMap(service -> StreamSupport.stream(service.path(key).spliterator(), false))
                .map(JsonNode::asText);
    }

    private static Schema schema() throws IOException {
        ObjectNode schema = (ObjectNode) ProjectFiles.json(
                ProjectFiles.text("shared/testing/src/test/resources/compose-spec/compose-spec.json"));
        // Its identifier is relative, which the validator refuses; nothing refers to it.
        schema.remove("$id");
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
    }
}
