package io.lowpass.encoder;

import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.WorkerKind;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.StreamService;
import io.lowpass.streaming.StreamSettings;
import io.lowpass.streaming.WorkerStatePublisher;
import io.lowpass.streaming.settings.ConfiguredModels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Starts and stops the encoder with the application. */
@ApplicationScoped
public class EncoderService {

    private static final Logger LOG = Logger.getLogger(EncoderService.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private final EncoderSettings settings;
    private final String bootstrapServers;
    private final EncoderMetrics metrics;
    private final MeterRegistry registry;
    private final Autoencoders autoencoders;
    private final TorchThreads threads;
    private final MemoryBudget memory;
    private volatile Optional<StreamService> streams = Optional.empty();
    private volatile Optional<WorkerStatePublisher> notices = Optional.empty();
    private volatile String problem = "";

    EncoderService(
            EncoderSettings settings,
            EncoderModelSettings models,
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            MeterRegistry registry) {
        this.settings = settings;
        this.bootstrapServers = bootstrapServers;
        this.registry = registry;
        metrics = new EncoderMetrics(registry);
        memory = MemoryBudget.of(settings.memoryLimit());
        threads = settings.threads().isPresent()
                ? new TorchThreads(settings.threads().getAsInt())
                : TorchThreads.ofMachine();
        Map<String, Autoencoders.Location> locations =
                ConfiguredModels.of(models.byName(), EncoderModelSettings.Model::folder).entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                e -> new Autoencoders.Location(
                                        Path.of(e.getValue().folder().orElseThrow()),
                                        e.getValue().vaeDevice())));
        autoencoders = new Autoencoders(locations, Precision.of(settings.dtype()), threads);
    }

    void start(@Observes StartupEvent event) {
        StreamSettings stream = new StreamSettings(
                "encoder",
                Topics.LATENTS,
                ChunkKind.LATENTS,
                settings.group(),
                settings.videos(),
                settings.videos(),
                settings.buffer());
        StreamService service = new StreamService(stream, bootstrapServers, connections -> {
            publishState(connections.publisher());
            return new EncoderStage(autoencoders, memory, threads, connections.publisher(), metrics);
        });
        streams = Optional.of(service);
        Gauge.builder("lowpass.encoder.streams", service, StreamService::streams)
                .register(registry);
        FunctionCounter.builder("lowpass.records.unreadable", service, StreamService::unreadable)
                .tag("service", "encoder")
                .register(registry);
        Thread loading = new Thread(this::load, "encoder-load");
        loading.setDaemon(true);
        loading.start();
    }

    /** Samplers start a job only if an encoder reports its model. */
    private void publishState(EventPublisher publisher) {
        String name =
                "encoder-" + Optional.ofNullable(System.getenv("HOSTNAME")).orElse("local") + "-"
                        + ProcessHandle.current().pid();
        WorkerStatePublisher state =
                new WorkerStatePublisher(name, WorkerKind.ENCODER, publisher, autoencoders::states, HEARTBEAT);
        state.publishOnlyWhile(() -> streams.filter(StreamService::isAlive).isPresent());
        autoencoders.onChange(state::publishWhileAlive);
        state.idle();
        notices = Optional.of(state);
    }

    /** Opens the default model on this thread. Any failure makes the encoder not ready. */
    void load() {
        Boundary.run(() -> autoencoders.of(settings.defaultModel()), error -> {
            problem = Boundary.message(error);
            LOG.errorf("Not ready: %s", problem);
            LOG.debug("The cause", error);
        });
    }

    void stop(@Observes ShutdownEvent event) {
        notices.ifPresent(WorkerStatePublisher::close);
        streams.ifPresent(StreamService::close);
        // Closing while a worker is in native code would crash the process.
        if (streams.map(StreamService::isStopped).orElse(true)) {
            autoencoders.close();
        }
    }

    /** The reader of latents, once started. */
    Optional<StreamService> streams() {
        return streams;
    }

    /** Why the default model cannot be used now; empty if it can. */
    Optional<String> problem() {
        return autoencoders.isOpen(settings.defaultModel()) ? Optional.empty() : Optional.of("not loaded " + problem);
    }
}
