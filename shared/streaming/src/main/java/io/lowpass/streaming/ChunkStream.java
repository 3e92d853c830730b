package io.lowpass.streaming;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import io.lowpass.streaming.StageException.Tolerance;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The stream of one attempt at one job, as received so far. Its table guards everything except the session. */
final class ChunkStream {

    private enum Input {
        OPEN,
        WHOLE,
        ABORTED
    }

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private final TopicPartition partition;
    private final String jobId;
    private final int attempt;
    private final String run;
    private final FrameAssembler assembler = new FrameAssembler();
    private final Deque<Frame> pending = new ArrayDeque<>();
    private final List<Frame> taken = new ArrayList<>();
    private Optional<StreamHead> head = Optional.empty();
    private Input input = Input.OPEN;
    private String abortReason = "";
    private Optional<Ending> closing = Optional.empty();
    private Optional<StreamOutcome> outcome = Optional.empty();
    private boolean busy;
    private boolean slot;
    private boolean parking;
    private int failures;
    private long delayedUntil = System.nanoTime();
    private @Nullable StreamSession session;

    ChunkStream(TopicPartition partition, String jobId, int attempt, String run) {
        this.partition = partition;
        this.jobId = jobId;
        this.attempt = attempt;
        this.run = run;
    }

    TopicPartition partition() {
        return partition;
    }

    String jobId() {
        return jobId;
    }

    int attempt() {
        return attempt;
    }

    String run() {
        return run;
    }

    Optional<StreamHead> head() {
        return head;
    }

    void head(StreamHead first) {
        head = Optional.of(first);
    }

    /** Adds a chunk of this attempt and run; returns the added bytes of waiting frames. */
    long add(Chunk chunk) {
        if (chunk.kind() == ChunkKind.ABORT) {
            input = Input.ABORTED;
            abortReason = chunk.attributes().getOrDefault(Chunk.REASON, "");
            return 0;
        }
        Optional<Frame> frame = assembler.add(chunk);
        if (frame.filter(Frame::isLast).isPresent()) {
            input = Input.WHOLE;
        }
        if (frame.isEmpty() || outcome.isPresent()) {
            return 0;
        }
        pending.add(frame.get());
        return frame.get().bytes().remaining();
    }

    /** The next frame to process. */
    Optional<Frame> next(boolean keep) {
        Optional<Frame> frame = Optional.ofNullable(pending.poll());
        if (keep) {
            frame.ifPresent(taken::add);
        }
        return frame;
    }

    /** Returns to the first frame. */
    void rewind() {
        for (int i = taken.size() - 1; i >= 0; i--) {
            pending.addFirst(taken.get(i));
        }
        taken.clear();
        parking = false;
    }

    /** Drops all frames; returns their size in bytes. */
    long discard() {
        long bytes = pending.stream().mapToLong(f -> f.bytes().remaining()).sum()
                + taken.stream().mapToLong(f -> f.bytes().remaining()).sum();
        pending.clear();
        taken.clear();
        return bytes;
    }

    boolean isWhole() {
        return input == Input.WHOLE;
    }

    boolean isAborted() {
        return input == Input.ABORTED;
    }

    String abortReason() {
        return abortReason;
    }

    Optional<StreamOutcome> outcome() {
        return outcome;
    }

    void outcome(StreamOutcome decided) {
        outcome = Optional.of(decided);
    }

    /** Set when this process no longer has to process the stream. */
    Optional<Ending> closing() {
        return closing;
    }

    void closing(Ending ending) {
        closing = Optional.of(ending);
    }

    /** Records a transient failure; false if there were too many. */
    boolean delayAfterFailure(Tolerance tolerance) {
        delayedUntil = System.nanoTime() + (FIRST_PAUSE.toNanos() << Math.min(failures, tolerance.doublings()));
        failures++;
        return failures < tolerance.most();
    }

    /** Whether it has failed before, and so may fail slowly again. */
    boolean hasFailed() {
        return failures > 0;
    }

    boolean isDelayed() {
        return System.nanoTime() - delayedUntil < 0;
    }

    boolean hasFrames() {
        return !pending.isEmpty();
    }

    boolean isBusy() {
        return busy;
    }

    void busy(boolean now) {
        busy = now;
    }

    /** Whether it holds one of the slots for open sessions. */
    boolean hasSlot() {
        return slot;
    }

    void slot(boolean now) {
        slot = now;
    }

    boolean isParking() {
        return parking;
    }

    void park() {
        parking = true;
    }

    /** The open session; only the worker that holds the stream may ask. */
    Optional<StreamSession> session() {
        return Optional.ofNullable(session);
    }

    void session(@Nullable StreamSession opened) {
        session = opened;
    }
}
