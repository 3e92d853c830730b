package io.lowpass.storage;

import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedS3;
import io.lowpass.streaming.Connections;
import io.lowpass.streaming.JobEnds;
import io.lowpass.streaming.StreamService;
import io.lowpass.streaming.StreamSettings;
import io.lowpass.testing.kafka.HeldProducer;
import io.lowpass.testing.kafka.JavaProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A storage service in a process of its own, which can be killed. It hangs before it commits the end of its first job. */
public final class StorageProcess {

    static final String GROUP = "storages";

    private StorageProcess() {}

    /** Starts it; the file appears when it hangs. */
    static Process start(String bootstrapServers, String endpoint, Path hangs) {
        return JavaProcess.start(StorageProcess.class, bootstrapServers, endpoint, hangs.toString());
    }

    static StreamSettings settings() {
        return new StreamSettings("storage", Topics.MEDIA, ChunkKind.MEDIA, GROUP, 2, 2, 64 << 20);
    }

    static UploadContext context(ObjectStore store, WaitingUploads.Limits limits) {
        return new UploadContext(store, new WaitingUploads(limits), new StorageMetrics(new SimpleMeterRegistry()));
    }

    /** Runs until it is killed. */
    @SuppressWarnings("try") // a service works while it is open
    public static void main(String[] arguments) throws InterruptedException, IOException {
        ObjectStore store = new ObjectStore(arguments[1], EmbeddedS3.DEFAULT_KEY, EmbeddedS3.DEFAULT_KEY, "us-east-1");
        HeldProducer held = new HeldProducer(id -> JobEnds.producer(arguments[0], id), HeldProducer.At.COMMIT);
        Duration hour = Duration.ofHours(1);
        UploadContext context = context(store, new WaitingUploads.Limits(hour, hour, hour));
        try (StreamService service = new StreamService(
                settings(),
                arguments[0],
                connections -> new StorageStage(
                        context,
                        new Connections(
                                connections.publisher(),
                                connections.states(),
                                new JobEnds(held, connections.states()))))) {
            held.awaitHeld();
            Files.createFile(Path.of(arguments[2]));
            Thread.currentThread().join();
        }
    }
}
