package io.lowpass.local;

import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.request.ModelCard;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.embedded.EmbeddedS3;
import io.lowpass.testing.models.ModelFolders;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Kafka and S3 for the services under test, and a tiny model of every family, of which a few fit into memory at once. */
public class FamilyStack implements QuarkusTestResourceLifecycleManager {

    /** Bytes that the weights of warm models may take: those of two or three of them. */
    static final long ROOM = 2_000_000;

    /** The model that is loaded first. */
    static final String FIRST = "wan-pipeline";

    /** Where the folders are that are put together. */
    static final String FOLDERS = "lowpass.test.families";

    private Optional<EmbeddedKafka> kafka = Optional.empty();
    private Optional<EmbeddedS3> s3 = Optional.empty();

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("lowpass-families");
            EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"));
            kafka = Optional.of(broker);
            EmbeddedS3 store = EmbeddedS3.start(directory.resolve("s3"));
            s3 = Optional.of(store);
            TopicSetup.DEFAULT.apply(broker.bootstrapServers());
            Map<String, Path> folders = ModelFolders.in(directory.resolve("models"));
            Map<String, String> settings = new HashMap<>(Map.of(
                    "kafka.bootstrap.servers",
                    broker.bootstrapServers(),
                    "lowpass.s3.endpoint",
                    store.endpoint(),
                    "lowpass.s3.access-key",
                    EmbeddedS3.DEFAULT_KEY,
                    "lowpass.s3.secret-key",
                    EmbeddedS3.DEFAULT_KEY,
                    "lowpass.encoder.threads",
                    "1",
                    "lowpass.sampler.weights-limit",
                    String.valueOf(ROOM),
                    "lowpass.sampler.default-model",
                    FIRST,
                    "lowpass.encoder.default-model",
                    FIRST,
                    "quarkus.http.test-port",
                    "0"));
            settings.put(
                    "quarkus.log.file.path", directory.resolve("lowpass.log").toString());
            settings.put(FOLDERS, directory.resolve("models").toString());
            settings.put("lowpass.catalogue", catalogue(directory, folders).toString());
            folders.forEach((name, folder) -> {
                settings.put("lowpass.models.\"" + name + "\".folder", folder.toString());
                settings.put("lowpass.models.\"" + name + "\".threads", "1");
            });
            return settings;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static Path catalogue(Path directory, Map<String, Path> folders) {
        List<ModelCard> cards = folders.values().stream()
                .flatMap(folder -> Models.of(folder).catalogue().models().stream())
                .toList();
        return new ModelCatalogue(FIRST, cards).writeTo(directory.resolve("models.yaml"));
    }

    @Override
    public void stop() {
        kafka.ifPresent(EmbeddedKafka::close);
        s3.ifPresent(EmbeddedS3::close);
    }
}
