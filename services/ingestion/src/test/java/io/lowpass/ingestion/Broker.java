package io.lowpass.ingestion;

import io.lowpass.embedded.EmbeddedKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A real broker for the service under test. */
public final class Broker implements QuarkusTestResourceLifecycleManager {

    private EmbeddedKafka kafka;

    @Override
    public Map<String, String> start() {
        try {
            kafka = EmbeddedKafka.start(
                    Files.createTempDirectory(Path.of("target").toAbsolutePath(), "kafka"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("kafka.bootstrap.servers", kafka.bootstrapServers(), "lowpass.ingestion.lag-interval", "200ms");
    }

    @Override
    public void stop() {
        kafka.close();
    }
}
