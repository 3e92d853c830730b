package io.lowpass.local;

import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Video;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.embedded.EmbeddedS3;
import io.lowpass.sampler.SamplerService;
import io.lowpass.streaming.settings.CatalogueSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Kafka, S3 and the four services in this process.
 *
 * <p>Stops in the order services, Kafka, S3, also when the process is interrupted, so that the directory is left clean.
 */
final class LocalStack implements AutoCloseable {

    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    private final DataDirectory data;
    private final DiskBroker kafka;
    private final EmbeddedS3 s3;
    private final Services services;
    private final Thread onInterrupt;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private LocalStack(DataDirectory data, DiskBroker kafka, EmbeddedS3 s3, Services services) {
        this.data = data;
        this.kafka = kafka;
        this.s3 = s3;
        this.services = services;
        this.onInterrupt = new Thread(this::closeServers, "stack-stop");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
    }

    /**
     * Ports; 0 means any free port.
     *
     * @param http port of the services
     * @param management port of their health and metrics
     */
    record Ports(int http, int management, int kafka, int s3) {

        static final Ports FREE = new Ports(0, 0, 0, 0);

        /**
         * A copy with a free port in place of each 0.
         *
         * @throws IllegalStateException if a port is in use, naming the option that changes it
         */
        Ports resolved() {
            return new Ports(
                    resolved("--http-port", http),
                    resolved("--management-port", management),
                    resolved("--kafka-port", kafka),
                    resolved("--s3-port", s3));
        }

        private static int resolved(String option, int port) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException | IllegalArgumentException taken) {
                throw new IllegalStateException(
                        "port " + port + " cannot be used (" + taken.getMessage() + "); choose another with " + option,
                        taken);
            }
        }
    }

    /** Starts everything; returns when all services have started, possibly before the model is loaded. */
    static LocalStack start(StackOptions options, Models models, Ports wanted) {
        // Before anything is started: an invalid option is a usage error.
        ModelCatalogue catalogue = models.catalogue(options::worker);
        Ports ports = wanted.resolved();
        DiskBroker.requireRoom(options.data(), DiskBroker.freeBytes(options.data()));
        DataDirectory data = DataDirectory.open(options.data());
        CompletableFuture<EmbeddedS3> store = CompletableFuture.supplyAsync(
                () -> EmbeddedS3.start(data.s3(), ports.s3(), EmbeddedS3.DEFAULT_KEY, EmbeddedS3.DEFAULT_KEY));
        DiskBroker kafka = new DiskBroker(data.kafka(), ports.kafka());
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        EmbeddedS3 s3 = store.join();
        Map<String, String> configuration = configuration(catalogue, options.data());
        configuration.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        configuration.put("lowpass.s3.endpoint", s3.endpoint());
        configuration.put("lowpass.s3.access-key", EmbeddedS3.DEFAULT_KEY);
        configuration.put("lowpass.s3.secret-key", EmbeddedS3.DEFAULT_KEY);
        configuration.put("quarkus.http.port", String.valueOf(ports.http()));
        configuration.put("quarkus.management.port", String.valueOf(ports.management()));
        configuration.put("quarkus.log.file.path", data.log().toString());
        return new LocalStack(data, kafka, s3, Services.start(configuration));
    }

    /**
     * Configures the models: in the catalogue file for ingestion, and for workers in settings that environment
     * variables cannot override.
     */
    static Map<String, String> configuration(ModelCatalogue catalogue, Path folder) {
        Map<String, String> configuration = new TreeMap<>(CatalogueSettings.settings(catalogue));
        Path file = catalogue.writeTo(folder.resolve("models.yaml"));
        configuration.put(ModelCatalogue.SETTING, file.toString());
        return configuration;
    }

    /** The value for {@code bootstrap.servers}. */
    String bootstrap() {
        return kafka.bootstrapServers();
    }

    /** Address of the S3 server. */
    String s3() {
        return s3.endpoint();
    }

    /** Address of the page. */
    String http() {
        return "http://127.0.0.1:" + System.getProperty("quarkus.http.port");
    }

    /** Address of health and metrics. */
    String management() {
        return "http://127.0.0.1:" + System.getProperty("quarkus.management.port");
    }

    /** Calls {@code cancel} if the process is asked to stop before the returned future completes. */
    CompletableFuture<Void> whileRunning(Runnable cancel) {
        return services.bean(Interruption.class).whileRunning(cancel);
    }

    /**
     * Checks that the stack is working.
     *
     * @throws IllegalStateException with the reason if the services have ended, or the model cannot be loaded
     */
    void requireHealthy() {
        if (services.hasEnded()) {
            throw new IllegalStateException("the services have stopped");
        }
        SamplerService sampler = services.bean(SamplerService.class);
        sampler.models().problem(sampler.defaultModel()).ifPresent(problem -> {
            throw new IllegalStateException("the model cannot be loaded: " + problem);
        });
    }

    /** Waits until the model is loaded. */
    void awaitModel() {
        SamplerService sampler = services.bean(SamplerService.class);
        sampler.models()
                .loading(sampler.defaultModel())
                .handle((model, error) -> model)
                .join();
        requireHealthy();
    }

    /** Waits until the process is asked to stop. */
    void awaitEnd() {
        services.awaitEnd();
    }

    /** The file in which the S3 server keeps a video. */
    Path file(Video video) {
        return data.s3().resolve(video.bucket()).resolve(video.key());
    }

    /** Fetches a video from the S3 server. */
    void fetch(Video video, Path target) {
        Bucket.fetch(s3.endpoint(), EmbeddedS3.DEFAULT_KEY, video, target);
    }

    @Override
    public void close() {
        services.close();
        if (onInterrupt.getState() == Thread.State.NEW) {
            closeServers();
        }
    }

    private void closeServers() {
        services.awaitEnd(LONGEST_STOP);
        if (closed.complete(null)) {
            kafka.close();
            s3.close();
            data.close();
        }
    }
}
