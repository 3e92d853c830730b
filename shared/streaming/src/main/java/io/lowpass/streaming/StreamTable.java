package io.lowpass.streaming;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.streaming.StageException.Tolerance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** All open streams: the poll thread adds chunks, workers take streams that have work. */
final class StreamTable {

    private static final Logger LOG = Logger.getLogger(StreamTable.class);

    /** Interval at which workers check whether a job was cancelled or is over. */
    private static final long LOOK_MS = 100;

    private final StreamSettings settings;
    private final JobStates states;
    private final OffsetLedger ledger;
    private final List<ChunkStream> streams = new ArrayList<>();
    private final Map<String, ChunkStream> byJob = new HashMap<>();
    private final RecentMap<Integer> finished = new RecentMap<>();
    private long bytes;

    StreamTable(StreamSettings settings, JobStates states, OffsetLedger ledger) {
        this.settings = settings;
        this.states = states;
        this.ledger = ledger;
    }

    /** Adds the next chunk of a partition. */
    synchronized void accept(Place place, Chunk chunk) {
        Optional<ChunkStream> current = Optional.ofNullable(byJob.get(chunk.jobId()));
        if (isStale(chunk, current)) {
            LOG.debugf(
                    "Ignored stale %s %d of attempt %d of %s",
                    chunk.kind(), chunk.index(), chunk.attempt(), chunk.jobId());
            return;
        }
        Optional<ChunkStream> same = current.filter(stream -> RunOrder.continues(stream, chunk));
        if (same.isEmpty()) {
            current.ifPresent(stream -> close(stream, Ending.SUPERSEDED));
        }
        if (same.isPresent() || chunk.kind() != ChunkKind.ABORT) {
            add(same.orElseGet(() -> begin(place, chunk)), chunk);
        }
        notifyAll();
    }

    /** Position and time of a record. */
    record Place(TopicPartition partition, long offset, Instant writtenAt) {

        static Place of(ConsumerRecord<?, ?> record) {
            return new Place(
                    new TopicPartition(record.topic(), record.partition()),
                    record.offset(),
                    Instant.ofEpochMilli(record.timestamp()));
        }
    }

    /** A chunk of the job's attempt and run is unreadable: its stream can never be completed. */
    synchronized void corrupt(Place place, String jobId, int attempt, String run, String why) {
        ChunkStream stream = byJob.get(jobId);
        if (states.isOver(jobId) || isFinished(jobId, attempt) || RunOrder.isAnother(stream, attempt, run)) {
            return;
        }
        if (stream == null || stream.attempt() < attempt) {
            Optional.ofNullable(stream).ifPresent(older -> close(older, Ending.SUPERSEDED));
            stream = put(place, new ChunkStream(place.partition(), jobId, attempt, run));
        }
        decide(stream, StreamOutcome.broken(new Failure("STREAM.CORRUPT", ErrorClass.PERMANENT, why)));
        notifyAll();
    }

    private boolean isStale(Chunk chunk, Optional<ChunkStream> current) {
        if (states.isOver(chunk.jobId()) || isFinished(chunk.jobId(), chunk.attempt())) {
            return true;
        }
        boolean first = chunk.index() == 0 && chunk.part() == 0;
        if (current.isEmpty()) {
            // Chunks without a head belong to a stream that was finished and committed before a restart.
            return !first || chunk.kind() == ChunkKind.ABORT;
        }
        return chunk.attempt() < current.get().attempt()
                || RunOrder.isOfOlder(chunk, current.get())
                || (!first && !RunOrder.continues(current.get(), chunk));
    }

    private boolean isFinished(String jobId, int attempt) {
        return finished.get(jobId).filter(done -> done >= attempt).isPresent();
    }

    private ChunkStream begin(Place place, Chunk chunk) {
        ChunkStream stream =
                put(place, new ChunkStream(place.partition(), chunk.jobId(), chunk.attempt(), RunOrder.of(chunk)));
        try {
            Job job = EventJson.read(chunk.attributes().getOrDefault(Chunk.JOB, ""), Job.class);
            stream.head(new StreamHead(job, chunk.attempt(), chunk.attributes(), place.writtenAt()));
        } catch (IllegalArgumentException e) {
            decide(
                    stream,
                    StreamOutcome.broken(
                            new Failure("STREAM.HEAD", ErrorClass.PERMANENT, String.valueOf(e.getMessage()))));
        }
        return stream;
    }

    private ChunkStream put(Place place, ChunkStream stream) {
        streams.add(stream);
        byJob.put(stream.jobId(), stream);
        ledger.open(place.partition(), stream.jobId(), place.offset());
        return stream;
    }

    private void add(ChunkStream stream, Chunk chunk) {
        try {
            bytes += stream.add(chunk);
        } catch (StageException e) {
            decide(stream, StreamOutcome.broken(e.failure()));
        }
    }

    /** Closes the streams of revoked partitions; the new owner begins them again. */
    synchronized void close(Collection<TopicPartition> partitions) {
        streams.stream()
                .filter(stream -> partitions.contains(stream.partition()))
                .toList()
                .forEach(stream -> close(stream, Ending.MOVED));
        partitions.forEach(ledger::forget);
        notifyAll();
    }

    private void close(ChunkStream stream, Ending ending) {
        stream.closing(ending);
        byJob.remove(stream.jobId(), stream);
    }

    /** Waits until no worker holds a stream of the partitions, with a time limit. */
    synchronized void awaitIdle(Collection<TopicPartition> partitions, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        Predicate<ChunkStream> held = stream -> partitions.contains(stream.partition());
        while (streams.stream().anyMatch(held) && System.nanoTime() < end) {
            wait(LOOK_MS);
        }
    }

    /** Waits for a stream with work; the caller holds it until {@link #release}. */
    synchronized ChunkStream take() throws InterruptedException {
        while (true) {
            Optional<ChunkStream> stream = choose();
            if (stream.isPresent()) {
                stream.get().busy(true);
                return stream.get();
            }
            wait(LOOK_MS);
        }
    }

    private Optional<ChunkStream> choose() {
        Optional<ChunkStream> ready = streams.stream()
                .filter(stream -> hasWork(stream) && (stream.hasSlot() || needsNoSession(stream)))
                .findFirst();
        if (ready.isPresent()) {
            return ready;
        }
        Optional<ChunkStream> waiting = streams.stream()
                .filter(stream -> hasWork(stream) && mayBegin(stream))
                .findFirst();
        if (waiting.isEmpty() || streams.stream().filter(ChunkStream::hasSlot).count() < settings.sessions()) {
            waiting.ifPresent(stream -> stream.slot(true));
            return waiting;
        }
        Optional<ChunkStream> idle = streams.stream()
                .filter(stream -> stream.hasSlot() && !stream.isBusy() && !hasWork(stream))
                .findFirst();
        idle.ifPresent(ChunkStream::park);
        return idle;
    }

    /** Repeatedly failing streams must leave slots to others. */
    private boolean mayBegin(ChunkStream stream) {
        return !stream.hasFailed()
                || streams.stream()
                                .filter(s -> s.hasFailed() && s.hasSlot() && (s.isBusy() || hasWork(s)))
                                .count()
                        < Math.max(1, Math.min(settings.workers(), settings.sessions()) / 2);
    }

    private boolean needsNoSession(ChunkStream stream) {
        return stream.closing().isPresent()
                || stream.outcome().isPresent()
                || stream.isAborted()
                || states.isOver(stream.jobId())
                || states.cancelRequest(stream.jobId()).isPresent();
    }

    private boolean hasWork(ChunkStream stream) {
        if (stream.isBusy() || (stream.isDelayed() && !endsDelay(stream))) {
            return false;
        }
        return stream.closing().isPresent()
                || stream.isAborted()
                || states.isOver(stream.jobId())
                || stream.outcome()
                        .map(outcome -> stream.isWhole() || outcome.now())
                        .orElseGet(() -> hasInput(stream));
    }

    /** A stream that will not be retried need not wait, except when the broker did not accept its end. */
    private boolean endsDelay(ChunkStream stream) {
        return stream.closing().isPresent() || (stream.outcome().isEmpty() && needsNoSession(stream));
    }

    private boolean hasInput(ChunkStream stream) {
        return stream.hasFrames()
                || stream.isWhole()
                || states.cancelRequest(stream.jobId()).isPresent();
    }

    /** The stream's next frame, if there is one. */
    synchronized Optional<Frame> next(ChunkStream stream) {
        Optional<Frame> frame = stream.next(settings.keepsFrames());
        if (!settings.keepsFrames()) {
            frame.ifPresent(f -> bytes -= f.bytes().remaining());
        }
        return frame;
    }

    /** Sets the stream's outcome and drops its frames. */
    synchronized void decide(ChunkStream stream, StreamOutcome outcome) {
        stream.outcome(outcome);
        stream.slot(false);
        bytes -= stream.discard();
    }

    /** Schedules a retry, unless the stream has failed too often. */
    synchronized boolean retry(ChunkStream stream, Tolerance tolerance) {
        stream.rewind();
        stream.slot(false);
        return settings.keepsFrames() && stream.delayAfterFailure(tolerance);
    }

    /** Returns to the first frame and gives up the session slot. */
    synchronized void releaseSlot(ChunkStream stream) {
        stream.rewind();
        stream.slot(false);
    }

    /** Delays the next try of the same step. */
    synchronized void delay(ChunkStream stream) {
        stream.delayAfterFailure(Tolerance.FEW);
    }

    /** Removes a finished stream; its records may be committed. */
    synchronized void finish(ChunkStream stream, boolean remember) {
        bytes -= stream.discard();
        streams.remove(stream);
        if (byJob.remove(stream.jobId(), stream)) {
            ledger.close(stream.partition(), stream.jobId());
        }
        if (remember) {
            finished.put(stream.jobId(), stream.attempt());
        }
    }

    /** Releases the stream. */
    synchronized void release(ChunkStream stream) {
        stream.busy(false);
        notifyAll();
    }

    /** Whether the payloads in memory exceed the limit and workers can reduce them without more input. */
    synchronized boolean isFull() {
        return bytes > settings.bytes() && streams.stream().anyMatch(s -> s.isBusy() || s.isDelayed() || hasWork(s));
    }

    /** The streams that remain after the workers have stopped. */
    synchronized List<ChunkStream> remaining() {
        return List.copyOf(streams);
    }

    /** Number of open streams. */
    synchronized int size() {
        return streams.size();
    }
}
