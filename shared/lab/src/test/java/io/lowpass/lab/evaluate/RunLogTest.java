package io.lowpass.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.EventJson;
import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {

    private final EvaluationConditions conditions = ResultsTest.conditions(10);
    private final Pair pair = conditions.pairs().get(1);

    @TempDir
    private Path folder;

    @Test
    void runsOutliveTheProcess() throws IOException {
        // Given
        RunRecord run = ResultsTest.run(conditions, pair, "fixed:5", 5, 31.25);
        RunLog.open(folder, conditions).add(run);

        // When
        RunLog reopened = RunLog.open(folder, conditions);

        // Then
        assertThat(reopened.runs()).containsExactly(run);
        assertThat(reopened.has(pair, "fixed:5")).isTrue();
        assertThat(reopened.has(pair, "none")).isFalse();
        assertThat(reopened.has(conditions.pairs().get(0), "fixed:5")).isFalse();
    }

    @Test
    void aRunOfAnEarlyVersionHasNoSettings() throws IOException {
        // Given
        RunRecord run = ResultsTest.run(conditions, pair, "fixed:5", 5, 31.25);
        ObjectNode line = EventJson.mapper().valueToTree(run);
        RunLog.open(folder, conditions);

        // When
        assertThat(line.remove("settings").asText()).isEqualTo("settings of fixed:5");
        Files.writeString(folder.resolve("runs.jsonl"), line + "\n");

        // Then
        assertThat(RunLog.open(folder, conditions).runs())
                .singleElement()
                .satisfies(read -> assertThat(read.settings()).isEmpty());
    }

    @Test
    void halfALineIsForgotten() throws IOException {
        // Given
        RunRecord first = ResultsTest.run(conditions, pair, "none", 10, 100);
        RunRecord second = ResultsTest.run(conditions, pair, "fixed:5", 5, 30);
        RunLog.open(folder, conditions).add(first);
        Files.writeString(folder.resolve("runs.jsonl"), "{\"conditions\":\"", StandardOpenOption.APPEND);

        // When
        RunLog reopened = RunLog.open(folder, conditions);
        reopened.add(second);

        // Then
        assertThat(RunLog.open(folder, conditions).runs()).containsExactly(first, second);
    }

    @Test
    void otherConditionsAreRefusedByName() throws IOException {
        // Given
        RunLog.open(folder, conditions);

        // When, Then
        assertThatThrownBy(() -> RunLog.open(folder, ResultsTest.conditions(20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contains runs with other settings")
                .hasMessageEndingWith(": steps is 20, there it is 10");
    }

    @Test
    void linesThatAreNoRunsOfTheseConditionsAreRefusedByPlace() throws IOException {
        // Given
        RunLog.open(folder, conditions);
        RunRecord foreign = ResultsTest.run(ResultsTest.conditions(20), pair, "none", 10, 100);
        Files.writeString(folder.resolve("runs.jsonl"), EventJson.text(foreign) + "\n");

        // When, Then
        assertThatThrownBy(() -> RunLog.open(folder, conditions))
                .hasMessageContaining("runs.jsonl line 1: conditions is");
        Files.writeString(folder.resolve("runs.jsonl"), "nonsense\n");
        assertThatThrownBy(() -> RunLog.open(folder, conditions)).hasMessageContaining("runs.jsonl line 1: Not a Run");
    }

    @Test
    void timesComeFromFinishedRunsAndElseFromFullSteps() {
        // Given
        Timetable times = new Timetable(100, 500);
        Entrant fixed = Entrant.of("fixed:5", 10);
        Entrant fewer = Entrant.of("steps:4", 10);

        // When
        times.add("fixed:5", 700);
        times.add("fixed:5", 900);

        // Then
        assertThat(times.of(fixed)).isEqualTo(800);
        assertThat(times.of(fewer)).isEqualTo(4 * 100 + 500);
        assertThat(times.of(List.of(fixed, fewer))).isEqualTo(1700);
    }
}
