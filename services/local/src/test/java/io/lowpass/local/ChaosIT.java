package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.trials.chaos.ChaosCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A short chaos run with the packaged services, each in its own process. */
class ChaosIT {

    private static final int JOBS = 12;

    @TempDir
    private Path directory;

    @Test
    @Timeout(400)
    void everyJobEndsOnceAsItWasAskedFor() throws Exception {
        // Given
        Path file = directory.resolve("chaos.json");
        StringWriter output = new StringWriter();

        // When
        int exit = new CommandLine(new ChaosCommand())
                .setOut(new PrintWriter(output))
                .execute("--jobs", String.valueOf(JOBS), "--seed", "12", "--json", file.toString());

        // Then
        assertThat(exit).as(output.toString()).isZero();
        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertThat(report.path("jobs").asInt()).isEqualTo(JOBS);
        int ended = 0;
        for (String outcome : List.of("completed", "cancelled", "failed", "rejected")) {
            ended += report.path(outcome).asInt();
        }
        assertThat(ended).isEqualTo(JOBS);
        assertThat(report.path("completed").asInt()).isPositive();
        assertThat(report.path("faults").path("kill").asInt()).isPositive();
    }

    @Test
    void whatCannotBeDoneIsAUsageErrorThatSaysWhatCan() {
        // Given
        StringWriter errors = new StringWriter();

        // When
        int exit = new CommandLine(new ChaosCommand())
                .setErr(new PrintWriter(errors))
                .execute("--faults", "fire");

        // Then
        assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("'fire'", "kill", "broker", "duplicates");
    }
}
