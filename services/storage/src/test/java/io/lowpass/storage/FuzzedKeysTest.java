package io.lowpass.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestOutcome;
import io.lowpass.contracts.request.RequestOutcome.Taken;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.embedded.EmbeddedS3;
import io.lowpass.testing.fuzz.Fuzz;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key that a request may name can be stored under, in a store of files, too, and read again. */
class FuzzedKeysTest {

    private static final byte[] VIDEO = {1, 2, 3};

    private final RequestValidation validation =
            new RequestValidation(ModelCatalogue.SHIPPED, "videos", Clock.systemUTC(), new SplittableRandom(1));

    @TempDir
    private Path directory;

    @Test
    void aKeyThatIsTakenCanBeStoredAndReadAgain() {
        List<byte[]> good = Stream.of(
                        "ball.mp4", "clips/a b/ball.mp4", "käse/球.mp4", "a=1&b=2/+%20~'(x).mp4", "a/b/c/d/e/f")
                .map(key -> key.getBytes(StandardCharsets.UTF_8))
                .toList();
        try (EmbeddedS3 s3 = EmbeddedS3.start(directory);
                ObjectStore store =
                        new ObjectStore(s3.endpoint(), EmbeddedS3.DEFAULT_KEY, EmbeddedS3.DEFAULT_KEY, "us-east-1")) {
            int[] buckets = {0};
            new Fuzz("keys", good, List.of()).check(bytes -> {
                String key = new String(bytes, StandardCharsets.UTF_8);
                if (isTaken(key)) {
                    // A bucket of its own: a name cannot be both a file and a folder.
                    ObjectPath path = new ObjectPath("keys-" + buckets[0]++, key);
                    store.ensureBucket(path.bucket());
                    store.put(path, VIDEO, Map.of());
                    try (InputStream stored = store.read(path, Optional.empty(), 0, VIDEO.length)) {
                        assertThat(stored.readAllBytes()).isEqualTo(VIDEO);
                    }
                }
            });
            assertThat(buckets[0]).isGreaterThan(good.size());
        }
    }

    private boolean isTaken(String key) {
        byte[] request = EventJson.bytes(Map.of("prompt", "a red ball", "output", Map.of("key", key)));
        RequestOutcome outcome = validation.decide(Optional.empty(), request);
        return outcome instanceof Taken;
    }
}
