package io.lowpass.sampler;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.WorkerKind;
import io.lowpass.contracts.WorkerState;
import io.lowpass.contracts.WorkerState.Activity;
import io.lowpass.contracts.WorkerState.Model;
import io.lowpass.streaming.TopicFollower;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.IsolationLevel;

/**
 * The models that encoders can decode, from the states they publish: a job that no encoder can decode must not be
 * sampled. Safe for many threads.
 */
public final class KnownEncoders implements AutoCloseable {

    /** Encoders publish every 30 seconds: one that has been silent for so long is lost. */
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private final Map<String, LastSeen> encoders = new ConcurrentHashMap<>();
    private final TopicFollower follower;
    private volatile boolean listening;

    /** The newest state of an encoder, and when it was received, by {@link System#nanoTime}. */
    private record LastSeen(WorkerState state, long when) {
        boolean isAlive() {
            return state.activity() != Activity.STOPPED && System.nanoTime() - when < SILENCE.toNanos();
        }
    }

    /**
     * Follows the workers topic, and waits for it if it does not exist yet.
     *
     * @param worker name of this sampler, for the thread name
     */
    public KnownEncoders(String bootstrapServers, String worker) {
        follower = new TopicFollower(
                bootstrapServers,
                worker + "-encoders",
                List.of(),
                List.of(Topics.WORKERS),
                this::note,
                // States are not written in transactions; a stray open transaction must not hide all encoders.
                IsolationLevel.READ_UNCOMMITTED);
    }

    private void note(Event event) {
        if (event instanceof WorkerState state
                && state.kind().filter(WorkerKind.ENCODER::equals).isPresent()) {
            encoders.values().removeIf(seen -> !seen.isAlive());
            encoders.put(
                    state.worker(),
                    new LastSeen(state, System.nanoTime() - age(state).toNanos()));
        }
    }

    /** The age of a state published before this process started, by its own timestamp; clocks may differ. */
    private Duration age(WorkerState state) {
        Duration age = Duration.between(state.at(), Instant.now());
        if (listening || age.isNegative()) {
            return Duration.ZERO;
        }
        return age.compareTo(SILENCE) < 0 ? age : SILENCE;
    }

    /** Waits until all states published so far are known. */
    void catchUp() throws InterruptedException {
        follower.catchUp();
        listening = true;
    }

    /** Number of unreadable records, which are skipped. */
    long unreadable() {
        return follower.unreadable();
    }

    /** Whether the topic is followed. */
    boolean isCurrent() {
        return follower.isCurrent();
    }

    /** Why no encoder can decode latents of the model now; empty if one can. */
    Optional<String> obstacle(String model) {
        List<WorkerState> alive = encoders.values().stream()
                .filter(LastSeen::isAlive)
                .map(LastSeen::state)
                .toList();
        if (alive.isEmpty()) {
            return Optional.of("no encoder is running");
        }
        List<Model> same = alive.stream()
                .flatMap(encoder -> encoder.models().stream())
                .filter(known -> known.name().equals(model))
                .toList();
        if (same.isEmpty()) {
            TreeSet<String> others = new TreeSet<>();
            alive.forEach(encoder -> encoder.models().forEach(known -> others.add(known.name())));
            return Optional.of("no encoder has model '" + model + "'; available are " + others);
        }
        if (same.stream().anyMatch(known -> known.problem().isEmpty())) {
            return Optional.empty();
        }
        return Optional.of("no encoder can decode model '" + model + "': "
                + same.get(0).problem().orElse(""));
    }

    @Override
    public void close() {
        follower.close();
    }
}
