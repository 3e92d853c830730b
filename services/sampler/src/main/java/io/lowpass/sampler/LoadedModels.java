package io.lowpass.sampler;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The models that jobs may name, loaded one after another in the background. */
public final class LoadedModels {

    private static final Logger LOG = Logger.getLogger(LoadedModels.class);

    private final Map<String, CompletableFuture<Generator>> models = new ConcurrentHashMap<>();
    private final MemoryBudget memory;
    private final SamplerMetrics metrics;

    public LoadedModels(MemoryBudget memory, SamplerMetrics metrics) {
        this.memory = memory;
        this.metrics = metrics;
    }

    /** Adds a model that {@code load} will bring, run by {@code executor}; completes when it has. */
    public CompletableFuture<Generator> add(String name, Supplier<Generator> load, Executor executor) {
        CompletableFuture<Generator> model = CompletableFuture.supplyAsync(() -> timed(name, load), executor)
                .whenComplete((generator, error) -> report(name, error));
        models.put(name, model);
        return model;
    }

    private Generator timed(String name, Supplier<Generator> load) {
        long start = System.nanoTime();
        Generator generator = load.get();
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        metrics.modelLoaded(name, time);
        LOG.infof("Model %s on %s loaded in %d ms", name, generator.device(), time.toMillis());
        return generator;
    }

    private static void report(String name, @org.jspecify.annotations.Nullable Throwable error) {
        if (error != null) {
            LOG.errorf(
                    "Model %s cannot be loaded: %s", name, Failures.cause(error).getMessage());
        }
    }

    /** Completes when a model is loaded, exceptionally if it cannot be. */
    public CompletableFuture<Generator> loading(String name) {
        return models.getOrDefault(name, CompletableFuture.failedFuture(unknown(name)));
    }

    /** Why a model cannot be used; empty while it loads, and when it is loaded. */
    public Optional<String> problem(String name) {
        CompletableFuture<Generator> model = loading(name);
        if (!model.isCompletedExceptionally()) {
            return Optional.empty();
        }
        return Optional.of(String.valueOf(
                Failures.cause(model.handle((generator, error) -> error).join()).getMessage()));
    }

    /** Whether a model is loaded. */
    public boolean isLoaded(String name) {
        CompletableFuture<Generator> model = loading(name);
        return model.isDone() && !model.isCompletedExceptionally();
    }

    /**
     * A loaded model; waits while it loads.
     *
     * @throws JobFailure if there is no such model, or it cannot be loaded
     */
    Generator generator(String name) {
        try {
            return loading(name).join();
        } catch (CompletionException error) {
            if (Failures.cause(error) instanceof JobFailure known) {
                throw known;
            }
            throw JobFailure.permanent(
                    "MODEL.UNAVAILABLE",
                    "model '" + name + "': " + Failures.cause(error).getMessage());
        }
    }

    /** What a job may take. */
    MemoryBudget memory() {
        return memory;
    }

    private JobFailure unknown(String name) {
        return JobFailure.permanent(
                "MODEL.UNKNOWN", "no model '" + name + "' here; there are " + new TreeMap<>(models).keySet());
    }
}
