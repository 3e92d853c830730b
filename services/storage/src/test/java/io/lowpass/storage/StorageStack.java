package io.lowpass.storage;

import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.embedded.EmbeddedS3;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** A broker and an object store for the service under test. */
public class StorageStack implements QuarkusTestResourceLifecycleManager {

    private final Deque<Runnable> closing = new ArrayDeque<>();

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("lowpass-storage");
            EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
            closing.push(kafka::close);
            EmbeddedS3 s3 = EmbeddedS3.start(directory.resolve("s3"));
            closing.push(s3::close);
            return Map.of(
                    "kafka.bootstrap.servers",
                    kafka.bootstrapServers(),
                    "lowpass.s3.endpoint",
                    s3.endpoint(),
                    "lowpass.s3.access-key",
                    EmbeddedS3.DEFAULT_KEY,
                    "lowpass.s3.secret-key",
                    EmbeddedS3.DEFAULT_KEY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        closing.forEach(Runnable::run);
    }
}
