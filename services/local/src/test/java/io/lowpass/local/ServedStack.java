package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.testing.kafka.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged application's {@code serve} in a process of its own. */
final class ServedStack implements AutoCloseable {

    static final Duration LONG = Duration.ofMinutes(2);

    private static final Path APP =
            Path.of(System.getProperty("lowpass.root")).resolve("services/local/target/quarkus-app/quarkus-run.jar");

    private final Path data;
    private final List<Path> models;
    private final int kafkaPort = freePort();
    private final URI http = URI.create("http://127.0.0.1:" + freePort());
    private final URI management = URI.create("http://127.0.0.1:" + freePort());
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();
    private Process process;

    /** Starts it on the data directory; {@link #awaitReady} waits until it is. */
    ServedStack(Path data) {
        this(data, List.of());
    }

    /** The same with models instead of the one that ships. */
    ServedStack(Path data, List<Path> models) {
        this.data = data;
        this.models = List.copyOf(models);
        this.process = serve();
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private Process serve() {
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Dai.djl.offline=true",
                    "-Dlowpass.root=" + System.getProperty("lowpass.root"),
                    "-jar",
                    APP.toString(),
                    "serve",
                    "--data",
                    data.toString(),
                    "--http-port",
                    String.valueOf(http.getPort()),
                    "--management-port",
                    String.valueOf(management.getPort()),
                    "--kafka-port",
                    String.valueOf(kafkaPort),
                    "--s3-port",
                    "0",
                    "--threads",
                    "1"));
            models.forEach(model -> command.addAll(List.of("--model", model.toString())));
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            data.resolve("output.txt").toFile()))
                    .start();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** The value for {@code bootstrap.servers}. */
    String bootstrap() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** Waits until all services are ready. */
    void awaitReady() {
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> get(management.resolve("/q/health/ready")).statusCode() == 200);
    }

    /** Ends the process with the signal, waits for that, and starts another on the same data. */
    void restartAfter(String signal) throws IOException, InterruptedException {
        JavaProcess.signal(process, signal);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        process = serve();
        awaitReady();
    }

    /** Sends a request; the job's id. */
    String submit(String request) throws IOException, InterruptedException {
        HttpRequest post = HttpRequest.newBuilder(http.resolve("/jobs"))
                .POST(BodyPublishers.ofString(request))
                .build();
        HttpResponse<byte[]> answer = client.send(post, BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(202);
        return mapper.readTree(answer.body()).path("jobId").asText();
    }

    /** The job's view. */
    JsonNode job(String jobId) throws IOException, InterruptedException {
        return mapper.readTree(get("/jobs/" + jobId).body());
    }

    /** Waits until the job has come so far. */
    void awaitState(String jobId, String state) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(job(jobId).path("state").asText()).isEqualTo(state));
    }

    /** The answer to a GET. */
    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return get(http.resolve(path));
    }

    private HttpResponse<byte[]> get(URI address) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
