package io.lowpass.storage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Stands before a real object store, and answers some calls itself. */
final class FaultyStore implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final OkHttpClient client = new OkHttpClient();
    private final String target;
    private final List<Function<Call, Optional<Fault>>> faults = new CopyOnWriteArrayList<>();

    /** What was called: {@code PUT /videos/a.mp4}, with {@code uploads} and the like after a question mark. */
    record Call(String method, String path) {
        boolean writes(String key) {
            return (method.equals("PUT") || method.equals("POST")) && path.startsWith("/videos/" + key);
        }
    }

    /** What is answered instead. */
    record Fault(int status, String code) {}

    FaultyStore(String target) {
        this.target = target;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void when(Function<Call, Optional<Fault>> fault) {
        faults.add(fault);
    }

    void heal() {
        faults.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Call call = new Call(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString());
            Optional<Fault> fault =
                    faults.stream().flatMap(f -> f.apply(call).stream()).findFirst();
            if (fault.isPresent()) {
                refuse(exchange, fault.get());
            } else {
                forward(exchange, body);
            }
        }
    }

    private static void refuse(HttpExchange exchange, Fault fault) throws IOException {
        byte[] text = ("<?xml version=\"1.0\"?><Error><Code>" + fault.code()
                        + "</Code><Message>as told</Message></Error>")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(fault.status(), head ? -1 : text.length);
        if (!head) {
            exchange.getResponseBody().write(text);
        }
    }

    private void forward(HttpExchange exchange, byte[] body) throws IOException {
        String method = exchange.getRequestMethod();
        Request.Builder request = new Request.Builder().url(target + exchange.getRequestURI());
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Content-Length") && !name.equalsIgnoreCase("Connection")) {
                values.forEach(value -> request.addHeader(name, value));
            }
        });
        boolean bodied = method.equals("PUT") || method.equals("POST");
        request.method(method, bodied ? RequestBody.create(body) : null);
        try (Response response = client.newCall(request.build()).execute()) {
            response.headers().forEach(header -> {
                if (!header.getFirst().equalsIgnoreCase("Transfer-Encoding")) {
                    exchange.getResponseHeaders().add(header.getFirst(), header.getSecond());
                }
            });
            byte[] answer = response.body().bytes();
            boolean none = answer.length == 0;
            exchange.sendResponseHeaders(response.code(), none ? -1 : answer.length);
            if (!none) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(answer);
                }
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
