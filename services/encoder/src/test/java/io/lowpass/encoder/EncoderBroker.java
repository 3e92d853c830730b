package io.lowpass.encoder;

import io.lowpass.embedded.EmbeddedKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A broker for the service under test, and the demo model. */
public class EncoderBroker implements QuarkusTestResourceLifecycleManager {

    private Optional<EmbeddedKafka> kafka = Optional.empty();

    @Override
    public Map<String, String> start() {
        try {
            EmbeddedKafka started = EmbeddedKafka.start(Files.createTempDirectory("lowpass-encoder"));
            kafka = Optional.of(started);
            Path model = Path.of(System.getProperty("lowpass.root"), "shared/demo-model");
            return Map.of(
                    "kafka.bootstrap.servers", started.bootstrapServers(),
                    "lowpass.models.demo.folder", model.toString(),
                    "lowpass.encoder.threads", "1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        kafka.ifPresent(EmbeddedKafka::close);
    }
}
