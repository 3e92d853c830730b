package io.lowpass.sampler;

import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.WorkerState;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.StageException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The models that jobs may name. As many as fit stay in memory; the others are loaded on demand and evict the least
 * recently used ones.
 */
public final class LoadedModels {

    private static final Logger LOG = Logger.getLogger(LoadedModels.class);
    private static final double GIB = 1L << 30;

    private final Map<String, Model> models = new TreeMap<>();
    private final MemoryBudget memory;
    private final long room;
    private final SamplerMetrics metrics;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long uses;

    /** One model, guarded by the enclosing object. */
    private static final class Model {

        private final ModelLoader loader;
        /** Completes when its size is known, and it has been loaded if it fits. */
        private final CompletableFuture<Void> added = new CompletableFuture<>();

        private CompletableFuture<Generator> generator = new CompletableFuture<>();
        private boolean cold = true;
        private boolean proven;
        private long weights;
        private long lastUse;

        Model(ModelLoader loader) {
            this.loader = loader;
        }

        boolean isWarm() {
            return generator.isDone() && !generator.isCompletedExceptionally();
        }
    }

    /**
     * Starts without models.
     *
     * @param memory memory budget of jobs
     * @param room total bytes for the weights of all loaded models
     */
    public LoadedModels(MemoryBudget memory, long room, SamplerMetrics metrics) {
        this.memory = memory;
        this.room = room;
        this.metrics = metrics;
    }

    /** Registers a listener for models that are loaded, evicted or become unusable. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** The state of each model, by name. */
    List<WorkerState.Model> states() {
        Set<String> warm = warm();
        Set<String> streamed = streamed();
        List<String> names;
        synchronized (this) {
            names = List.copyOf(models.keySet());
        }
        return names.stream()
                .map(name -> new WorkerState.Model(name, warm.contains(name), streamed.contains(name), problem(name)))
                .toList();
    }

    /**
     * Adds a model, and loads it if it fits beside the earlier ones; the first is loaded whatever its size.
     *
     * @param executor runs the loading
     * @return completes when that is done, whether or not the model was loaded
     */
    public CompletableFuture<Void> add(String name, ModelLoader loader, Executor executor) {
        Model model = new Model(loader);
        synchronized (this) {
            models.put(name, model);
        }
        executor.execute(() -> {
            Boundary.run(() -> warmUp(name, model), error -> fail(name, model, Failures.cause(error)));
            model.added.complete(null);
        });
        return model.added;
    }

    private void warmUp(String name, Model model) {
        long weights = model.loader.weights();
        synchronized (this) {
            model.weights = weights;
            boolean first = models.values().stream().allMatch(other -> other.cold);
            if (!model.cold || (!first && taken() + model.weights > room)) {
                return;
            }
            model.cold = false;
        }
        load(name, model);
    }

    private void load(String name, Model model) {
        long start = System.nanoTime();
        Boundary.run(
                () -> {
                    Generator generator = model.loader.load(room);
                    loaded(name, model, generator, Duration.ofNanos(System.nanoTime() - start));
                },
                error -> fail(name, model, Failures.cause(error)));
    }

    private void loaded(String name, Model model, Generator generator, Duration time) {
        metrics.modelLoaded(name, time);
        LOG.infof("Model %s on %s loaded in %d ms", name, generator.device(), time.toMillis());
        CompletableFuture<Generator> loading;
        synchronized (this) {
            model.proven = true;
            loading = model.generator;
        }
        if (generator.isStreamed()) {
            LOG.warnf(
                    "Model %s has %.1f GiB of weights, the limit is %.1f GiB: each pass reads %.1f GiB from disk, and a "
                            + "step with guidance takes two passes",
                    name, model.weights / GIB, room / GIB, generator.bytesPerPass() / GIB);
        }
        loading.complete(generator);
        listeners.forEach(Runnable::run);
    }

    private void fail(String name, Model model, Throwable error) {
        LOG.errorf("Model %s cannot be loaded: %s", name, Boundary.message(error));
        LOG.debug("The cause", error);
        CompletableFuture<Generator> loading;
        synchronized (this) {
            loading = model.generator;
        }
        loading.completeExceptionally(error);
        listeners.forEach(Runnable::run);
    }

    private long taken() {
        return models.values().stream()
                .filter(model -> !model.cold && !model.generator.isCompletedExceptionally())
                .mapToLong(model -> model.weights)
                .sum();
    }

    /** Completes when a model is loaded; exceptionally if it cannot be. */
    public synchronized CompletableFuture<Generator> loading(String name) {
        Model model = models.get(name);
        return model == null ? CompletableFuture.failedFuture(unknown(name)) : model.generator;
    }

    /** Why a model cannot be used; empty if it is loaded, loading, or not loaded yet. */
    public Optional<String> problem(String name) {
        CompletableFuture<Generator> model = loading(name);
        if (!model.isCompletedExceptionally()) {
            return Optional.empty();
        }
        return Optional.of(Boundary.message(
                Failures.cause(model.handle((generator, error) -> error).join())));
    }

    /** Whether a model has been loaded once and has not failed since. */
    public boolean isUsable(String name) {
        synchronized (this) {
            @Nullable Model model = models.get(name);
            if (model == null || !model.proven) {
                return false;
            }
        }
        return problem(name).isEmpty();
    }

    /** Whether a model is loaded. */
    public synchronized boolean isLoaded(String name) {
        @Nullable Model model = models.get(name);
        return model != null && model.isWarm();
    }

    /** The models that are loaded. */
    public synchronized Set<String> warm() {
        return models.entrySet().stream()
                .filter(model -> model.getValue().isWarm())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The loaded models whose weights are streamed. */
    public synchronized Set<String> streamed() {
        return warm().stream()
                .filter(name -> loading(name).join().isStreamed())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Returns a model, loading it first if necessary. For the single thread that runs jobs.
     *
     * @throws StageException if there is no such model, or it cannot be loaded
     */
    Generator generator(String name) {
        use(name);
        try {
            return loading(name).join();
        } catch (CompletionException error) {
            if (Failures.cause(error) instanceof StageException known) {
                throw known;
            }
            throw StageException.permanent(
                    "MODEL.UNAVAILABLE", "model '" + name + "': " + Boundary.message(Failures.cause(error)));
        }
    }

    private void use(String name) {
        @Nullable Model model;
        synchronized (this) {
            model = models.get(name);
        }
        if (model == null) {
            return;
        }
        // Its size is unknown until then, and another model may be loading.
        model.added.join();
        synchronized (this) {
            model.lastUse = ++uses;
            if (!model.cold || model.generator.isDone()) {
                return;
            }
            model.cold = false;
            makeRoom(model);
        }
        listeners.forEach(Runnable::run);
        load(name, model);
    }

    private void makeRoom(Model wanted) {
        while (taken() > room) {
            Optional<Map.Entry<String, Model>> eldest = models.entrySet().stream()
                    .filter(model ->
                            model.getValue() != wanted && model.getValue().isWarm())
                    .min(Comparator.comparingLong(model -> model.getValue().lastUse));
            if (eldest.isEmpty()) {
                return;
            }
            Model leaving = eldest.get().getValue();
            leaving.generator.join().close();
            leaving.generator = new CompletableFuture<>();
            leaving.cold = true;
            LOG.infof("Model %s is evicted", eldest.get().getKey());
        }
    }

    /** The memory budget of jobs. */
    MemoryBudget memory() {
        return memory;
    }

    private StageException unknown(String name) {
        return StageException.permanent("MODEL.UNKNOWN", "no model '" + name + "'; available are " + models.keySet());
    }
}
