package io.lowpass.encoder;

import ai.djl.Device;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.WorkerState;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.TextToVideoPipeline;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.streaming.StageException;
import io.lowpass.tensor.Devices;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/** The VAEs of the models, each opened on first use and then kept. Safe for many threads. */
public final class Autoencoders implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Autoencoders.class);

    /**
     * The location of a model.
     *
     * @param folder a diffusers folder
     * @param device cpu, or gpu:N
     */
    public record Location(Path folder, String device) {}

    private final Map<String, Location> locations;
    private final Precision precision;
    private final TorchThreads threads;
    private final Map<String, Opened> open = new ConcurrentHashMap<>();
    /** Errors of VAEs that could not be opened. */
    private final Map<String, String> problems = new ConcurrentHashMap<>();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private record Opened(VideoModel model, VideoVae vae) {}

    /** Opens no VAE yet. */
    public Autoencoders(Map<String, Location> locations, Precision precision, TorchThreads threads) {
        this.locations = new TreeMap<>(locations);
        this.precision = precision;
        this.threads = threads;
    }

    /**
     * The VAE of a model; the first call opens it.
     *
     * @throws StageException if there is no such model, or its VAE cannot be used
     */
    public VideoVae of(String model) {
        return opened(model).vae();
    }

    /**
     * Estimated main memory for decoding in bytes, without the weights; 0 on a GPU, where the engine itself reports
     * what does not fit.
     *
     * @param size size of the frames
     * @throws StageException as {@link #of}
     */
    public long decoding(String model, Size size) {
        Opened opened = opened(model);
        Device device = opened.vae().device();
        return device.isGpu()
                ? 0
                : opened.model().limits().decoding(size.height(), size.width(), precision.arithmeticOn(device));
    }

    private Opened opened(String model) {
        Location location = Optional.ofNullable(locations.get(model))
                .orElseThrow(() -> new StageException(
                        "MODEL.UNKNOWN",
                        ErrorClass.PERMANENT,
                        "no model '" + model + "'; available are " + locations.keySet()));
        if (isOpen(model)) {
            return Objects.requireNonNull(open.get(model));
        }
        Opened opened = open.computeIfAbsent(model, name -> read(name, location));
        problems.remove(model);
        changed();
        return opened;
    }

    /** Registers a listener for changes of the states. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * The state of each model, by name. For a model that is not open, its folder is checked now: a disk may come back,
     * and no job of the model is sampled before this reports it usable.
     */
    List<WorkerState.Model> states() {
        return locations.entrySet().stream()
                .map(entry -> new WorkerState.Model(
                        entry.getKey(), isOpen(entry.getKey()), false, problemOf(entry.getKey(), entry.getValue())))
                .toList();
    }

    private Optional<String> problemOf(String name, Location location) {
        if (isOpen(name)) {
            return Optional.empty();
        }
        Optional<String> known = Optional.ofNullable(problems.get(name));
        return known.isPresent() ? known : problemOf(location);
    }

    private static Optional<String> problemOf(Location location) {
        try {
            Families.open(location.folder());
            return Optional.empty();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Whether the VAE of a model is open. */
    public boolean isOpen(String model) {
        return open.containsKey(model);
    }

    private Opened read(String name, Location location) {
        threads.prepare();
        long start = System.nanoTime();
        try {
            VideoModel model = Families.open(location.folder());
            VideoVae vae = TextToVideoPipeline.openVae(model, Devices.named(location.device()), precision);
            LOG.infof("Autoencoder of %s opened in %d ms", name, (System.nanoTime() - start) / 1_000_000);
            return new Opened(model, vae);
        } catch (IllegalArgumentException e) {
            problems.put(name, String.valueOf(e.getMessage()));
            changed();
            throw new StageException(
                    "MODEL.UNAVAILABLE",
                    ErrorClass.PERMANENT,
                    "the autoencoder of model '" + name + "' cannot be used: " + e.getMessage(),
                    e);
        } catch (UncheckedIOException e) {
            // The disk or the file permissions may recover: not a reason to lose sampled latents.
            throw new StageException(
                    "MODEL.UNREADABLE",
                    ErrorClass.RETRYABLE,
                    "the autoencoder of model '" + name + "' cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public void close() {
        open.values().forEach(opened -> opened.vae().close());
        open.clear();
    }
}
