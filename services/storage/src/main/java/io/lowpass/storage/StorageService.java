package io.lowpass.storage;

import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Topics;
import io.lowpass.streaming.StreamService;
import io.lowpass.streaming.StreamSettings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Starts and stops the storage service with the application. */
@ApplicationScoped
public class StorageService {

    private static final Logger LOG = Logger.getLogger(StorageService.class);

    private final StorageSettings settings;
    private final String bootstrapServers;
    private final MeterRegistry registry;
    private final ObjectStore store;
    private final WaitingUploads waiting;
    private volatile Optional<StreamService> streams = Optional.empty();
    private volatile Optional<StaleUploadCleanup> sweep = Optional.empty();

    StorageService(
            StorageSettings settings,
            S3Settings s3,
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            MeterRegistry registry) {
        this.settings = settings;
        this.bootstrapServers = bootstrapServers;
        this.registry = registry;
        waiting = new WaitingUploads(new WaitingUploads.Limits(
                settings.objectPatience(), settings.credentialsPatience(), settings.storePatience()));
        store = new ObjectStore(s3.endpoint(), s3.accessKey(), s3.secretKey(), s3.region());
    }

    void start(@Observes StartupEvent event) {
        StreamSettings stream = new StreamSettings(
                "storage",
                Topics.MEDIA,
                ChunkKind.MEDIA,
                settings.group(),
                settings.uploads(),
                settings.uploads(),
                settings.buffer());
        UploadContext context = new UploadContext(store, waiting, new StorageMetrics(registry));
        StreamService service = new StreamService(stream, bootstrapServers, connections -> {
            sweep = Optional.of(StaleUploadCleanup.start(store, connections.states(), settings.bucket()));
            return new StorageStage(context, connections);
        });
        streams = Optional.of(service);
        Gauge.builder("lowpass.storage.streams", service, StreamService::streams)
                .register(registry);
        FunctionCounter.builder("lowpass.records.unreadable", service, StreamService::unreadable)
                .tag("service", "storage")
                .register(registry);
    }

    void stop(@Observes ShutdownEvent event) {
        sweep.ifPresent(StaleUploadCleanup::close);
        streams.ifPresent(StreamService::close);
        store.close();
    }

    /** The reader of fragments, once started. */
    Optional<StreamService> streams() {
        return streams;
    }

    /** Why videos cannot be stored now; empty if they can. */
    Optional<String> problem() {
        try {
            // Recreated if it was deleted: the next video needs it.
            store.restoreBucket(settings.bucket());
            return Optional.empty();
        } catch (StoreException e) {
            LOG.debugf(e, "Not ready");
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Which jobs wait for the store, and why. */
    List<String> waiting() {
        return waiting.texts();
    }

    /** The completed event of the job, if it is completed. */
    Optional<JobEvent.Completed> completed(String jobId) {
        return streams.flatMap(service -> service.end(jobId))
                .filter(JobEvent.Completed.class::isInstance)
                .map(JobEvent.Completed.class::cast);
    }

    /** Whether the state of jobs is known. */
    boolean knows(String jobId) {
        return streams.filter(
                        service -> service.knowsEnds() || service.end(jobId).isPresent())
                .isPresent();
    }

    ObjectStore store() {
        return store;
    }
}
