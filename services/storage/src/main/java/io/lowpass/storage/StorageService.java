package io.lowpass.storage;

import io.lowpass.contracts.Chunk;
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
    private volatile Optional<StreamService> streams = Optional.empty();

    StorageService(
            StorageSettings settings,
            S3Settings s3,
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            MeterRegistry registry) {
        this.settings = settings;
        this.bootstrapServers = bootstrapServers;
        this.registry = registry;
        store = new ObjectStore(s3.endpoint(), s3.accessKey(), s3.secretKey(), s3.region());
    }

    void start(@Observes StartupEvent event) {
        StreamSettings stream = new StreamSettings(
                "storage",
                Topics.MEDIA,
                Chunk.Kind.MEDIA,
                settings.group(),
                settings.uploads(),
                settings.uploads(),
                settings.buffer());
        StorageMetrics metrics = new StorageMetrics(registry);
        StreamService service = new StreamService(
                stream, bootstrapServers, connections -> new StorageStage(store, connections, metrics));
        streams = Optional.of(service);
        Gauge.builder("lowpass.storage.streams", service, StreamService::streams)
                .register(registry);
        FunctionCounter.builder("lowpass.records.unreadable", service, StreamService::unreadable)
                .register(registry);
    }

    void stop(@Observes ShutdownEvent event) {
        streams.ifPresent(StreamService::close);
        store.close();
    }

    /** What reads fragments, once it was started. */
    Optional<StreamService> streams() {
        return streams;
    }

    /** Why videos cannot be stored now; empty if they can. */
    Optional<String> problem() {
        try {
            store.ensureBucket(settings.bucket());
            return store.exists(settings.bucket()) ? Optional.empty() : Optional.of("no bucket " + settings.bucket());
        } catch (StoreException e) {
            LOG.debugf(e, "Not ready");
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The video that the job made, if it is completed. */
    Optional<JobEvent.Video> video(String jobId) {
        return streams.flatMap(service -> service.end(jobId))
                .filter(JobEvent.Completed.class::isInstance)
                .map(end -> ((JobEvent.Completed) end).output());
    }

    ObjectStore store() {
        return store;
    }
}
