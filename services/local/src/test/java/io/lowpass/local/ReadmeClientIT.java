package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Kafka client of the README, compiled and run as it stands there, but for the broker's port and fewer steps. */
class ReadmeClientIT {

    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path directory;

    @Test
    @Timeout(240)
    void theClientSendsItsRequestAndSeesTheJobToItsEnd() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        try (ServedStack stack = new ServedStack(data)) {
            // Given
            stack.awaitReady();
            Path source = source(stack.bootstrap());
            Process client = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            source.toString())
                    .redirectErrorStream(true)
                    .start();
            // When
            List<String> lines = new ArrayList<>();
            try (BufferedReader output = client.inputReader(StandardCharsets.UTF_8)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    lines.add(line);
                    if (isWhole(lines)) {
                        break;
                    }
                }
            } finally {
                client.destroyForcibly();
            }
            // Then
            assertThat(lines).anyMatch(line -> line.startsWith("io.lowpass.job.accepted.v1"));
            assertThat(lines)
                    .anyMatch(line -> line.startsWith("io.lowpass.job.completed.v1")
                            && line.contains("s3://videos/clips/ball.mp4"));
        }
    }

    /** The topics are read side by side, so that the end may come before the last step. */
    private static boolean isWhole(List<String> lines) {
        if (lines.stream().anyMatch(line -> line.startsWith("io.lowpass.job.failed.v1"))) {
            return true;
        }
        return lines.stream().anyMatch(line -> line.startsWith("io.lowpass.job.completed.v1"))
                && lines.stream()
                                .filter(line -> line.contains("\"stage\":\"denoise\""))
                                .count()
                        == 10;
    }

    private Path source(String bootstrap) throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("lowpass.root"), "README.md"));
        Matcher snippet = JAVA.matcher(readme);
        assertThat(snippet.find()).isTrue();
        String code = snippet.group(1).replace("localhost:9092", bootstrap).replace("\"steps\": 50", "\"steps\": 10");
        int body = code.indexOf("\ntry") + 1;
        assertThat(body).isPositive();
        return Files.writeString(
                directory.resolve("ReadmeClient.java"),
                code.substring(0, body)
                        + "class ReadmeClient { public static void main(String[] a) throws Exception {\n"
                        + code.substring(body) + "}}");
    }
}
