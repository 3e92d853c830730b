package io.lowpass.trials.processes;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.contracts.EventJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * An HTTP client of a service on this machine.
 *
 * @param port port of requests
 * @param management port of health and metrics
 */
public record ServiceClient(int port, int management) {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    // One for all: each has threads of its own.
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(3))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /**
     * A response.
     *
     * @param status HTTP status, 0 if there was none
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, byte[] body) {

        /** The body as text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The body parsed as JSON; a missing node if it is invalid. */
        public JsonNode json() {
            try {
                return EventJson.mapper().readTree(body);
            } catch (IOException notJson) {
                return EventJson.mapper().missingNode();
            }
        }
    }

    /** A free port of this machine. */
    public static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** A client of a service that is started later, on free ports. */
    public static ServiceClient onFreePorts() {
        return new ServiceClient(freePort(), freePort());
    }

    /** Gets what is at the path. */
    public Answer get(String path) throws InterruptedException {
        return ask(HttpRequest.newBuilder(address(port, path)));
    }

    /** Posts the text to the path. */
    public Answer post(String path, String text) throws InterruptedException {
        return ask(HttpRequest.newBuilder(address(port, path)).POST(BodyPublishers.ofString(text)));
    }

    /** Asks whether the service is alive or ready: {@code live}, {@code ready}. */
    public Answer health(String kind) throws InterruptedException {
        return ask(HttpRequest.newBuilder(address(management, "/q/health/" + kind)));
    }

    /** Whether the service says that it can do its work. */
    public boolean isReady() throws InterruptedException {
        return health("ready").status() == 200;
    }

    /** What it counts: values by name, those of all labels of a name added up. */
    public Map<String, Double> metrics() throws InterruptedException {
        Map<String, Double> values = new HashMap<>();
        ask(HttpRequest.newBuilder(address(management, "/q/metrics")))
                .text()
                .lines()
                .filter(line -> !line.startsWith("#") && line.indexOf(' ') > 0)
                .forEach(line -> values.merge(
                        line.replaceFirst("[{ ].*", ""),
                        Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)),
                        Double::sum));
        return values;
    }

    private static URI address(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static Answer ask(HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<byte[]> answer = CLIENT.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException away) {
            return new Answer(0, String.valueOf(away.getMessage()).getBytes(StandardCharsets.UTF_8));
        }
    }
}
