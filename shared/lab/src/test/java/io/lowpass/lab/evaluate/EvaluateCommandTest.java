package io.lowpass.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.caching.fixed.Fixed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import picocli.CommandLine;

class EvaluateCommandTest {

    private static final Path TINY =
            Path.of(System.getProperty("lowpass.root"), "shared", "golden", "models", "wan-pipeline");
    private static final String POLICIES =
            "precise:base,{\"policy\":\"fixed\",\"steps\":[0,2,4]},fixed:4,steps:3,steps:5,steps:3@unipc,steps:6@unipc";
    private static final int ENTRANTS = 9;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void prompts() throws IOException {
        Files.writeString(folder.resolve("prompts.txt"), "a red ball & <more>\na blue cube\n");
    }

    @Test
    void everyFigureIsThereWithItsPromptSeedAndPolicy() throws IOException {
        // When
        int exit = evaluate(
                output,
                "--policies",
                POLICIES,
                "--export-vbench",
                folder.resolve("vbench").toString());

        // Then
        assertThat(exit).as(errors.toString()).isZero();
        assertThat(output.toString())
                .contains(ENTRANTS + " policies, 2 prompts with 1 seeds: 18 runs, of which 0 are done")
                .contains("Remaining time: 0:0")
                .contains("18/18");
        JsonNode report = JSON.readTree(folder.resolve("out/report.json").toFile());
        assertThat(report.path("runs")).hasSize(2 * ENTRANTS);
        assertThat(report.path("pairs").asInt()).isEqualTo(2);
        JsonNode run = report.path("runs").get(0);
        assertThat(run.path("text").asText()).isEqualTo("a red ball & <more>");
        assertThat(run.path("seed").asLong()).isEqualTo(42);
        JsonNode figures = report.path("figures");
        assertThat(figures.path("none").path("PSNR").path("mean").asDouble()).isEqualTo(100);
        assertThat(report.path("sections").path("table 1"))
                .isNotEmpty()
                .allMatch(name -> figures.has(name.asText()), "has figures under the name that the section says");
        JsonNode fixed = figures.path("fixed steps=[0,2,4]");
        assertThat(fixed.path("EQUIVALENTS").path("mean").asDouble()).isEqualTo(3);
        assertThat(fixed.path("COMPUTED").path("worst").asDouble()).isEqualTo(3);
        assertThat(fixed.path("PSNR").path("mean").asDouble()).isBetween(5.0, 99.0);
        assertThat(fixed.path("FINE_PSNR").path("runs").asInt()).isEqualTo(2);
        assertThat(figures.path("steps:3").path("EQUIVALENTS").path("mean").asDouble())
                .isEqualTo(3);
        assertThat(report.path("fronts")).hasSize(4);
        assertThat(report.path("atEqualCost").path("PSNR by EQUIVALENTS").path("fixed:4"))
                .isNotEmpty();
        try (Stream<Path> videos = Files.list(folder.resolve("vbench/fixed_4"))) {
            assertThat(videos.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("a red ball & <more>-0.mp4", "a blue cube-0.mp4");
        }
    }

    @Test
    void thePageIsWellFormedAndNeedsNothingElse() throws Exception {
        // Given
        evaluate(output, "--policies", POLICIES, "--sheets", "1");
        Path file = folder.resolve("out/report.html");

        // When
        Document page =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());

        // Then
        assertThat(elements(page.getElementsByTagName("*")))
                .flatExtracting(element -> List.of(element.getAttribute("src"), element.getAttribute("href")))
                .allMatch(address -> address.isEmpty() || address.startsWith("data:image/jpeg;base64,"));
        assertThat(elements(page.getElementsByTagName("script"))).isEmpty();
        assertThat(elements(page.getElementsByTagName("link"))).isEmpty();
        assertThat(page.getElementsByTagName("style").item(0).getTextContent())
                .doesNotContain("url(", "@import")
                .contains("prefers-color-scheme: dark");
        assertThat(elements(page.getElementsByTagName("h2")))
                .extracting(Element::getTextContent)
                .contains("Methods (Table 1)", "Cost and fidelity", "At equal cost", "Side by side", "Conditions");
        assertThat(elements(page.getElementsByTagName("svg")))
                .as("four fronts, and eight plots of the figures")
                .hasSize(12)
                .allMatch(plot -> !plot.getAttribute("aria-label").isEmpty());
        assertThat(elements(page.getElementsByTagName("caption")))
                .as("two prompts are too few for intervals")
                .filteredOn(caption -> caption.getTextContent().contains("95 %"))
                .isNotEmpty()
                .allMatch(caption -> caption.getTextContent().contains("fewer than 8 prompts give none"));
        assertThat(elements(page.getElementsByTagName("td")))
                .extracting(cell -> cell.getAttribute("class"))
                .contains("open")
                .doesNotContain("better", "worse");
        assertThat(elements(page.getElementsByTagName("img"))).hasSize(ENTRANTS);
        assertThat(elements(page.getElementsByTagName("th")))
                .allMatch(head -> !head.getAttribute("scope").isEmpty());
        assertThat(page.getDocumentElement().getTextContent()).contains("a red ball & <more>");
    }

    @Test
    void anInterruptedEvaluationGoesOnAndEndsAsAnotherWould() throws IOException {
        // Given: one that is not interrupted, and one that ends amid the second prompt
        evaluate(output, "--policies", POLICIES);
        Map<String, String> expected = fidelities();
        Files.move(folder.resolve("out"), folder.resolve("whole"));
        StringWriter cut = new StringWriter() {
            @Override
            public void write(String text, int offset, int length) {
                super.write(text, offset, length);
                if (toString().contains("13/18")) {
                    throw new CancellationException("as if the process were killed");
                }
            }
        };
        assertThat(evaluate(cut, "--policies", POLICIES)).isNotZero();
        assertThat(folder.resolve("out/report.html")).doesNotExist();
        int before = Files.readAllLines(folder.resolve("out/runs.jsonl")).size();
        StringWriter resumed = new StringWriter();

        // When
        int exit = evaluate(resumed, "--policies", POLICIES);

        // Then
        assertThat(exit).as(errors.toString()).isZero();
        assertThat(before).isEqualTo(13);
        assertThat(resumed.toString()).contains("18 runs, of which 13 are done");
        assertThat(Files.readAllLines(folder.resolve("out/runs.jsonl"))).hasSize(18);
        assertThat(fidelities()).isEqualTo(expected);
    }

    @Test
    void aBudgetThatIsUsedUpLeavesWholePrompts() throws IOException {
        // Given
        evaluate(output, "--policies", "fixed:2");

        // When: another policy, for which there is no time
        int exit = evaluate(output, "--policies", "fixed:2,fixed:3", "--time-budget", "1e-6");

        // Then
        assertThat(output.toString())
                .contains("The time budget is used up: 2 of 2 pairs remain; run again to continue");
        assertThat(exit).isNotZero();
        assertThat(errors.toString()).contains("no prompt has been run under every policy yet");
    }

    @Test
    void badOptionsAreUsageErrors() {
        // When
        List<Integer> exits = List.of(
                evaluate(output, "--policies", "preciser"),
                evaluate(output, "--policies", "steps:0"),
                evaluate(output, "--suite", "mine"),
                evaluate(output, "--seeds", "0"),
                evaluate(
                        output,
                        "--policies",
                        "none",
                        "--lpips",
                        "nowhere.safetensors",
                        "--out",
                        folder.resolve("other").toString()));

        // Then
        assertThat(exits).containsOnly(2);
        assertThat(errors.toString())
                .contains("policy 'preciser': cache.policy is \"preciser\", allowed is one of")
                .contains("'steps:0' is not steps:N")
                .contains("--suite is 'mine', allowed is paper or brief")
                .contains("--seeds is 0, allowed is at least 1")
                .contains("nowhere.safetensors");
    }

    @Test
    void policiesOfASuiteThatDoNotFitAreLeftOutWithTheReason() {
        // Given
        List<Entrant> all = ResultsTest.entrants("none", "fixed:2", "fixed:3");

        // When
        Lineup field = Lineup.of(all, false, (entrant, warnings) -> {
            warnings.accept("measured elsewhere");
            if (entrant.name().equals("fixed:2")) {
                throw new IllegalArgumentException("too small");
            }
            return new Fixed(Set.of(0, 5), 0);
        });

        // Then
        assertThat(field.entrants()).extracting(Entrant::name).containsExactly("none", "fixed:3");
        assertThat(field.left()).containsExactly(new Lineup.Left("fixed:2", "too small"));
        assertThat(field.warnings()).contains("fixed:3: measured elsewhere");
        assertThat(field.settings()).containsOnlyKeys("none", "fixed:3");
        assertThatThrownBy(() -> Lineup.of(all, true, (entrant, warnings) -> {
                    throw new IllegalArgumentException("too small");
                }))
                .hasMessage("policy 'none': too small");
    }

    /** What every run gave, without times. */
    private Map<String, String> fidelities() throws IOException {
        Map<String, String> fidelities = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("out/runs.jsonl"))) {
            JsonNode run = JSON.readTree(line);
            fidelities.put(
                    run.path("text").asText() + " " + run.path("policy").asText(),
                    run.path("uncached") + " " + run.path("fine") + " " + run.path("work"));
        }
        return fidelities;
    }

    private static List<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private int evaluate(StringWriter out, String... options) {
        CommandLine command = new CommandLine(new EvaluateCommand());
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(errors));
        List<String> arguments =
                new ArrayList<>(List.of("--model", TINY.toString(), "--size", "96x64", "--frames", "5"));
        arguments.addAll(List.of("--prompts", folder.resolve("prompts.txt").toString(), "--seeds", "1"));
        arguments.addAll(List.of("--steps", "10", "--reference-steps", "12", "--threads", "1", "--scheduler", "euler"));
        arguments.addAll(List.of("--out", folder.resolve("out").toString()));
        // The last of an option that is given twice counts.
        command.setOverwrittenOptionsAllowed(true);
        arguments.addAll(List.of(options));
        return command.execute(arguments.toArray(String[]::new));
    }
}
