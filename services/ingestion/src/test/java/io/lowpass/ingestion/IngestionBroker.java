package io.lowpass.ingestion;

import io.lowpass.embedded.EmbeddedKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** A real broker for the service under test. A test's field of type {@link Consumer} switches it on and off. */
public final class IngestionBroker implements QuarkusTestResourceLifecycleManager {

    private Path directory;
    private EmbeddedKafka kafka;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "kafka");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kafka = EmbeddedKafka.start(directory);
        return Map.of(
                "kafka.bootstrap.servers",
                kafka.bootstrapServers(),
                "lowpass.ingestion.lag-interval",
                "200ms",
                "lowpass.ingestion.broker-patience",
                "2s",
                "lowpass.ingestion.max-streams-per-client",
                "4",
                "lowpass.ingestion.body-patience",
                "3s",
                "lowpass.ingestion.videos",
                "https://media.example/videos");
    }

    private void run(boolean on) {
        if (on) {
            kafka = EmbeddedKafka.start(directory, kafka.port());
        } else {
            kafka.close();
        }
    }

    @Override
    public void inject(TestInjector injector) {
        Consumer<Boolean> running = this::run;
        injector.injectIntoFields(running, new TestInjector.MatchesType(Consumer.class));
    }

    @Override
    public void stop() {
        kafka.close();
    }
}
