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
 * Which models the encoders can decode, as they tell it themselves: a job whose latents nobody could decode must not be
 * sampled. Safe for many threads.
 */
public final class KnownEncoders implements AutoCloseable {

    /** Encoders tell every half minute: one that has been silent for so long was lost. */
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private final Map<String, Heard> encoders = new ConcurrentHashMap<>();
    private final TopicFollower follower;
    private volatile boolean listening;

    /** The newest word of an encoder, and when it was, by {@link System#nanoTime}. */
    private record Heard(WorkerState state, long when) {
        boolean isAlive() {
            return state.activity() != Activity.STOPPED && System.nanoTime() - when < SILENCE.toNanos();
        }
    }

    /**
     * Follows the workers' topic; if it is not there yet, it is waited for.
     *
     * @param worker the sampler that asks, for the name of a thread
     */
    public KnownEncoders(String bootstrapServers, String worker) {
        follower = new TopicFollower(
                bootstrapServers,
                worker + "-encoders",
                List.of(),
                List.of(Topics.WORKERS),
                this::note,
                // Nobody tells of a worker in a transaction; somebody's open one must not make all encoders seem lost.
                IsolationLevel.READ_UNCOMMITTED);
    }

    private void note(Event event) {
        if (event instanceof WorkerState state
                && state.kind().filter(WorkerKind.ENCODER::equals).isPresent()) {
            encoders.values().removeIf(heard -> !heard.isAlive());
            encoders.put(
                    state.worker(),
                    new Heard(state, System.nanoTime() - age(state).toNanos()));
        }
    }

    /** Of what was told before this process began to listen, its own time says how old it is; clocks may differ. */
    private Duration age(WorkerState state) {
        Duration age = Duration.between(state.at(), Instant.now());
        if (listening || age.isNegative()) {
            return Duration.ZERO;
        }
        return age.compareTo(SILENCE) < 0 ? age : SILENCE;
    }

    /** Waits until everything that encoders have told so far is known. */
    void catchUp() throws InterruptedException {
        follower.catchUp();
        listening = true;
    }

    /** Records of the topic that nobody could read; they are passed over. */
    long unreadable() {
        return follower.unreadable();
    }

    /** Whether the topic is followed. */
    boolean isCurrent() {
        return follower.isCurrent();
    }

    /** Why latents of the model could not be decoded now; empty if they could. */
    Optional<String> obstacle(String model) {
        List<WorkerState> alive = encoders.values().stream()
                .filter(Heard::isAlive)
                .map(Heard::state)
                .toList();
        if (alive.isEmpty()) {
            return Optional.of("no encoder is there");
        }
        List<Model> same = alive.stream()
                .flatMap(encoder -> encoder.models().stream())
                .filter(known -> known.name().equals(model))
                .toList();
        if (same.isEmpty()) {
            TreeSet<String> others = new TreeSet<>();
            alive.forEach(encoder -> encoder.models().forEach(known -> others.add(known.name())));
            return Optional.of("no encoder has model '" + model + "'; they have " + others);
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
