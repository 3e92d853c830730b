package io.lowpass.local;

import io.lowpass.contracts.TopicSetup;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.embedded.EmbeddedS3;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Kafka and S3 for the services under test, and the demo model, which may take 64 MiB for a job. */
public class Stack implements QuarkusTestResourceLifecycleManager {

    private Optional<EmbeddedKafka> kafka = Optional.empty();
    private Optional<EmbeddedS3> s3 = Optional.empty();

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("lowpass-local");
            EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"));
            kafka = Optional.of(broker);
            EmbeddedS3 store = EmbeddedS3.start(directory.resolve("s3"));
            s3 = Optional.of(store);
            TopicSetup.DEFAULT.apply(broker.bootstrapServers());
            Path model = Path.of(System.getProperty("lowpass.root"), "shared/demo-model");
            return Map.of(
                    "kafka.bootstrap.servers",
                    broker.bootstrapServers(),
                    "lowpass.s3.endpoint",
                    store.endpoint(),
                    "lowpass.s3.access-key",
                    EmbeddedS3.DEFAULT_KEY,
                    "lowpass.s3.secret-key",
                    EmbeddedS3.DEFAULT_KEY,
                    "lowpass.models.demo.folder",
                    model.toString(),
                    "lowpass.models.demo.threads",
                    "1",
                    "lowpass.encoder.threads",
                    "1",
                    "lowpass.sampler.memory-limit",
                    String.valueOf(64 << 20),
                    "quarkus.log.file.path",
                    directory.resolve("lowpass.log").toString(),
                    "quarkus.http.test-port",
                    "0");
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    @Override
    public void stop() {
        kafka.ifPresent(EmbeddedKafka::close);
        s3.ifPresent(EmbeddedS3::close);
    }
}
