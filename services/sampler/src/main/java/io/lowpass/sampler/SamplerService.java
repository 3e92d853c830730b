package io.lowpass.sampler;

import ai.djl.Device;
import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.WorkerKind;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.models.families.Families;
import io.lowpass.sampler.PipelineGenerator.GeneratorSettings;
import io.lowpass.streaming.BrokerMonitor;
import io.lowpass.streaming.CancellationToken;
import io.lowpass.streaming.JobEnds;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.WorkerStatePublisher;
import io.lowpass.streaming.settings.ConfiguredModels;
import io.lowpass.tensor.Devices;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Loads the models and starts the worker in the background, and stops them with the application. */
@ApplicationScoped
public class SamplerService {

    private static final Logger LOG = Logger.getLogger(SamplerService.class);
    /** Memory for libraries, heap and a small job, even if all weights are streamed. */
    private static final long LEAST_LEFT = 512L << 20;

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofSeconds(1);

    private final SamplerSettings settings;
    private final Map<String, SamplerModelSettings.Model> configured;
    private final Optional<ModelCatalogue> catalogue;
    private final LoadedModels models;
    private final SamplerMetrics metrics;
    private final String bootstrap;
    private final CancellationToken stop = new CancellationToken();
    private volatile Optional<Running> running = Optional.empty();
    private volatile Optional<String> failure = Optional.empty();
    private volatile Optional<BrokerMonitor> brokerMonitor = Optional.empty();

    /** The started parts, in the order in which they stop. */
    private record Running(
            SamplerWorker worker, WorkerStatePublisher workerState, SharedState sharedState, JobPublisher publisher) {
        void close() {
            worker.close();
            workerState.close();
            sharedState.close();
            publisher.close();
        }
    }

    SamplerService(
            SamplerSettings settings,
            SamplerModelSettings models,
            MeterRegistry registry,
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrap,
            @ConfigProperty(name = "lowpass.catalogue") Optional<Path> file) {
        this.settings = settings;
        if (settings.heartbeat().compareTo(SHORTEST_HEARTBEAT) < 0) {
            throw new IllegalArgumentException("lowpass.sampler.heartbeat is " + settings.heartbeat() + ": it must be "
                    + SHORTEST_HEARTBEAT + " or more");
        }
        this.configured = ConfiguredModels.of(models.byName(), SamplerModelSettings.Model::folder);
        this.bootstrap = bootstrap;
        this.catalogue = file.map(ModelCatalogue::read);
        this.metrics = new SamplerMetrics(registry);
        FunctionCounter.builder("lowpass.records.unreadable", this, SamplerService::unreadable)
                .tag("service", "sampler")
                .register(registry);
        this.models = new LoadedModels(
                MemoryBudget.of(settings.memoryLimit()),
                settings.weightsLimit().orElseGet(SamplerService::weightsLimit),
                metrics);
    }

    /** The default model first: the others are loaded if they fit beside it. */
    private List<String> names() {
        return configured.keySet().stream()
                .sorted(Comparator.comparing((String name) -> !name.equals(settings.defaultModel()))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** Leaves at least a quarter of the memory of the machine or control group to passes, latents and the heap. */
    private static long weightsLimit() {
        return weightsLimit(Devices.memory(Device.cpu()).orElseThrow());
    }

    /** The limit on weights for a given memory: three quarters, but at least {@link #LEAST_LEFT} stays free. */
    static long weightsLimit(long memory) {
        return Math.max(0, memory - Math.max(memory / 4, LEAST_LEFT));
    }

    void start(@Observes StartupEvent event) {
        // One model at a time: loading two at once would double the peak memory.
        ExecutorService loading = Executors.newSingleThreadExecutor(work -> daemon(work, "model-loader"));
        for (String name : names()) {
            SamplerModelSettings.Model model = Objects.requireNonNull(configured.get(name));
            ModelLoader loader = new PipelineLoader(() -> GeneratorSettings.of(model), found -> check(name, found));
            var unused = models.add(name, loader, loading);
        }
        loading.shutdown();
        daemon(this::startOrSayWhyNot, "sampler-start").start();
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The catalogue decides which requests are accepted, so it must match the model. */
    private void check(String name, GeneratorSettings found) {
        catalogue
                .flatMap(known -> known.find(name))
                .ifPresent(card -> CatalogueCheck.require(card, Families.open(found.folder()), found));
    }

    /** Without its worker the process is useless, whatever the error. */
    private void startOrSayWhyNot() {
        Boundary.run(this::startWorker, error -> {
            if (!stop.isCancelled()) {
                failure = Optional.of("the worker could not start: " + Boundary.message(Failures.cause(error)));
                LOG.error("The worker could not start", error);
            }
        });
    }

    private void startWorker() {
        RetryRules rules = new RetryRules(settings.attempts(), settings.backOff());
        try {
            while (!topicsExist()) {
                if (stop.isCancelledWithin(BETWEEN_TRIES)) {
                    return;
                }
            }
            brokerMonitor = Optional.of(new BrokerMonitor(bootstrap, "sampler"));
            SharedState sharedState = SharedState.of(bootstrap, name());
            EventPublisher publisher = EventPublisher.to(bootstrap);
            WorkerStatePublisher workerState = new WorkerStatePublisher(
                    name(), WorkerKind.SAMPLER, publisher, models::states, settings.heartbeat());
            models.onChange(workerState::publishWhileAlive);
            workerState.publishOnlyWhile(this::isAlive);
            JobPublisher jobPublisher = new JobPublisher(publisher, new JobEnds(bootstrap, sharedState.states()));
            JobRunner runner = new JobRunner(models, sharedState, jobPublisher, metrics, rules);
            SamplerWorker worker = new SamplerWorker(name(), bootstrap, runner, workerState);
            Running started = new Running(worker, workerState, sharedState, jobPublisher);
            running = Optional.of(started);
            sharedState.catchUp();
            CompletableFuture<?> unused = models.loading(settings.defaultModel())
                    .thenRun(() -> started.worker().start())
                    .exceptionally(error -> {
                        LOG.errorf("No jobs are taken: %s", Boundary.message(Failures.cause(error)));
                        return null;
                    });
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean topicsExist() {
        try {
            TopicSetup.DEFAULT.apply(bootstrap);
            return true;
        } catch (KafkaException away) {
            LOG.warnf("%s; trying again", away.getMessage());
            return false;
        }
    }

    private static String name() {
        return "sampler-" + Optional.ofNullable(System.getenv("HOSTNAME")).orElse("local") + "-"
                + ProcessHandle.current().pid();
    }

    void stop(@Observes ShutdownEvent event) {
        stop.cancel();
        running.ifPresent(Running::close);
        brokerMonitor.ifPresent(BrokerMonitor::close);
    }

    /** The models. */
    public LoadedModels models() {
        return models;
    }

    /** The default model, which readiness depends on. */
    public String defaultModel() {
        return settings.defaultModel();
    }

    /** Number of unreadable records of states, cancel requests and workers. */
    private double unreadable() {
        return running.map(started -> started.sharedState().unreadable()).orElse(0L);
    }

    /** Whether jobs are taken, or will be when the model is loaded. */
    boolean isAlive() {
        return problem().isEmpty();
    }

    /** Describes what is wrong with topics, share group or clock; empty if nothing is. */
    Optional<String> brokerProblem() {
        return brokerMonitor.map(BrokerMonitor::problem).orElseGet(() -> Optional.of("no broker has answered yet"));
    }

    /** Why this process will never take jobs again; empty otherwise. */
    Optional<String> problem() {
        return failure.or(() -> running.flatMap(SamplerService::problem));
    }

    /** Why no jobs are taken now; empty if they are. */
    Optional<String> obstacle() {
        return running.map(started -> started.worker().problem()).orElse(Optional.of("no broker has answered yet"));
    }

    private static Optional<String> problem(Running started) {
        if (!started.worker().isStarted()) {
            return Optional.empty();
        }
        if (!started.worker().isAlive()) {
            return Optional.of("the worker's loop has stopped");
        }
        return started.sharedState().isCurrent()
                ? Optional.empty()
                : Optional.of("the states of jobs, runs and encoders are no longer followed");
    }
}
