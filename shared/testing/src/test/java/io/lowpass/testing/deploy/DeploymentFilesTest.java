package io.lowpass.testing.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests, the dashboard and the rules. */
class DeploymentFilesTest {

    private static final String MANIFESTS = "deploy/kubernetes/base";

    static List<String> yaml() throws IOException {
        return ProjectFiles.below("deploy", file -> file.endsWith(".yaml") || file.endsWith(".yml"));
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void everyYamlFileIsYaml(String file) throws IOException {
        assertThat(ProjectFiles.yaml(ProjectFiles.text(file))).isNotEmpty().noneMatch(JsonNode::isNull);
    }

    @Test
    void everyManifestIsNamedInTheKustomization() throws IOException {
        // Given
        JsonNode kustomization = ProjectFiles.yaml(ProjectFiles.text(MANIFESTS + "/kustomization.yaml"))
                .get(0);

        // When
        List<String> named = Stream.concat(
                        texts(kustomization.path("resources")), texts(kustomization.at("/configMapGenerator/1/files")))
                .map(name -> MANIFESTS + "/" + name)
                .toList();

        // Then
        assertThat(ProjectFiles.below(MANIFESTS, file -> !file.endsWith("kustomization.yaml")))
                .containsExactlyInAnyOrderElementsOf(named);
    }

    @ParameterizedTest
    @MethodSource("services")
    void eachDeploymentIsProbedBoundedAndUnprivileged(String service) throws IOException {
        // When
        JsonNode container = ProjectFiles.yaml(ProjectFiles.text(MANIFESTS + "/" + service + ".yaml"))
                .get(0)
                .at("/spec/template/spec/containers/0");

        // Then
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/q/health/live");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/q/health/ready");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container.at("/" + probe + "/httpGet/port").asText())
                    .as(probe)
                    .isEqualTo("management");
        }
        assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingestion", "sampler", "encoder"})
    void whoTakesRequestsAndWhoWorksOnThemReadTheSameCatalogue(String service) throws IOException {
        // Given
        JsonNode generated = ProjectFiles.yaml(ProjectFiles.text(MANIFESTS + "/kustomization.yaml"))
                .get(0)
                .at("/configMapGenerator/1");

        // When
        JsonNode pod = ProjectFiles.yaml(ProjectFiles.text(MANIFESTS + "/" + service + ".yaml"))
                .get(0)
                .at("/spec/template/spec");

        // Then
        assertThat(pod.at("/containers/0/env/0/name").asText()).isEqualTo("LOWPASS_CATALOGUE");
        assertThat(pod.at("/containers/0/env/0/value").asText())
                .isEqualTo(pod.at("/containers/0/volumeMounts/1/mountPath").asText() + "/"
                        + generated.at("/files/0").asText());
        assertThat(pod.at("/containers/0/volumeMounts/1/name").asText())
                .isEqualTo(pod.at("/volumes/1/name").asText());
        assertThat(pod.at("/volumes/1/configMap/name").asText())
                .isEqualTo(generated.path("name").asText());
    }

    static List<String> services() {
        return List.of("ingestion", "sampler", "encoder", "storage");
    }

    @ParameterizedTest
    @MethodSource("services")
    void eachDeploymentNamesThePortsOnWhichItsImageListens(String service) throws IOException {
        // When
        List<JsonNode> documents = ProjectFiles.yaml(ProjectFiles.text(MANIFESTS + "/" + service + ".yaml"));
        JsonNode ports = documents.get(0).at("/spec/template/spec/containers/0/ports");

        // Then
        assertThat(ports.at("/0/name").asText()).isEqualTo("http");
        assertThat(ports.at("/0/containerPort").asText()).isEqualTo(ImagePorts.requests());
        assertThat(ports.at("/1/name").asText()).isEqualTo("management");
        assertThat(ports.at("/1/containerPort").asText()).isEqualTo(ImagePorts.management());
        assertThat(documents.get(1).at("/spec/ports/0/targetPort").asText()).isEqualTo("http");
    }

    @Test
    void usersReachIngestionAndTheVideosOfStorageAndNothingElse() throws IOException {
        // Given
        String requests = ImagePorts.requests();

        // When
        List<JsonNode> letThrough = ProjectFiles.yaml(ProjectFiles.text(MANIFESTS + "/network.yaml")).stream()
                .filter(policy ->
                        policy.at("/spec/ingress/0/ports/0/port").asText().equals(requests))
                .toList();

        // Then
        assertThat(letThrough)
                .extracting(policy -> policy.at("/spec/podSelector/matchLabels")
                        .path("app.kubernetes.io/name")
                        .asText())
                .containsExactly("ingestion", "storage");
        assertThat(letThrough).allSatisfy(policy -> {
            assertThat(policy.at("/spec/policyTypes/0").asText()).isEqualTo("Ingress");
            assertThat(policy.at("/spec/ingress/0/from/0").has("namespaceSelector"))
                    .isTrue();
        });
    }

    @Test
    void everyPanelOfTheDashboardAsksSomething() throws IOException {
        // When
        JsonNode dashboard = ProjectFiles.json(ProjectFiles.text("deploy/dashboards/lowpass.json"));

        // Then
        assertThat(dashboard.path("panels"))
                .isNotEmpty()
                .allSatisfy(panel -> assertThat(panel.at("/targets/0/expr").asText())
                        .as(panel.path("title").asText())
                        .isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lowpass.json", "alerts.yaml"})
    void everyMetricThatIsAskedForIsCountedByAService(String file) throws IOException {
        // Given
        Set<String> counted = new HashSet<>();
        for (String source :
                ProjectFiles.below("services", name -> name.endsWith(".java") && name.contains("/main/"))) {
            Pattern.compile("\"(lowpass\\.[a-z.]+)\"")
                    .matcher(ProjectFiles.text(source))
                    .results()
                    .forEach(name -> counted.add(name.group(1).replace('.', '_')));
        }

        // When
        Set<String> asked = Pattern.compile("lowpass_[a-z_]+")
                .matcher(ProjectFiles.text("deploy/dashboards/" + file))
                .results()
                .map(name -> name.group().replaceFirst("(_seconds)?_(total|bucket|sum|count)$", ""))
                .collect(Collectors.toSet());

        // Then
        assertThat(asked).contains("lowpass_records_unreadable", "lowpass_sampler_waits");
        assertThat(counted).containsAll(asked);
    }

    @Test
    void whatIsNoEndOfAJobDoesNotThinTheShareOfFailedOnes() throws IOException {
        // When
        List<String> asked = ProjectFiles.yaml(ProjectFiles.text("deploy/dashboards/alerts.yaml"))
                .get(0)
                .at("/groups/0/rules")
                .findValuesAsText("expr");

        // Then
        assertThat(asked)
                .filteredOn(expression -> expression.contains("lowpass_sampler_jobs_total"))
                .singleElement()
                .asString()
                .endsWith("/ sum(rate(lowpass_sampler_jobs_total{outcome!=\"retried\"}[15m])) > 0.05");
    }

    private static Stream<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText);
    }
}
