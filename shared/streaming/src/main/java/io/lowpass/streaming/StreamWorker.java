package io.lowpass.streaming;

import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.streaming.StageException.Tolerance;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;
import org.jboss.logging.MDC;

/** Takes streams in turn and advances each by one step: a frame, its completion, or its end. */
final class StreamWorker implements Runnable {

    private static final Logger LOG = Logger.getLogger(StreamWorker.class);
    private static final String JOB_ID = "jobId";

    private final String service;
    private final StreamTable table;
    private final JobStates states;
    private final JobEnds ends;
    private final PipelineStage stage;

    StreamWorker(String service, StreamTable table, Connections connections, PipelineStage stage) {
        this.service = service;
        this.table = table;
        this.states = connections.states();
        this.ends = connections.ends();
        this.stage = stage;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                ChunkStream stream = table.take();
                MDC.put(JOB_ID, stream.jobId());
                try {
                    step(stream);
                } finally {
                    MDC.remove(JOB_ID);
                    table.release(stream);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Worker stopped");
        }
    }

    private void step(ChunkStream stream) throws InterruptedException {
        Optional<String> cancel = states.cancelRequest(stream.jobId());
        if (stream.closing().isPresent()) {
            end(stream, stream.closing().get(), "");
        } else if (states.isOver(stream.jobId())) {
            end(stream, Ending.OVER, "the job is over");
        } else if (stream.isAborted()) {
            end(stream, Ending.ABORTED, stream.abortReason());
        } else if (stream.isParking()) {
            closeSession(stream);
            table.releaseSlot(stream);
        } else if (stream.outcome().isEmpty() && cancel.isPresent()) {
            decide(stream, StreamOutcome.cancelled(cancel.get()));
        } else if (stream.outcome().isPresent()) {
            publishEnd(stream, stream.outcome().get());
        } else {
            advance(stream);
        }
    }

    private void advance(ChunkStream stream) throws InterruptedException {
        Optional<Throwable> failure = Threads.failureOf(() -> work(stream));
        if (failure.isEmpty()) {
            return;
        }
        if (Thread.currentThread().isInterrupted()) {
            // Clients wrap the interruption in their own exceptions; the stream has not failed but moves elsewhere.
            throw new InterruptedException();
        }
        boolean passing = isPassing(failure.get());
        // A waiting stream fails often, and its stage has already logged the reason.
        Level level = toleranceOf(failure.get()) == Tolerance.OF_STAGE ? Level.DEBUG : Level.WARN;
        LOG.logf(level, failure.get(), "Attempt %d of %s failed in %s", stream.attempt(), stream.jobId(), service);
        closeSession(stream);
        if (!passing) {
            decide(stream, StreamOutcome.failed(failureOf(failure.get())));
        } else if (!table.retry(stream, toleranceOf(failure.get()))) {
            decide(
                    stream,
                    StreamOutcome.failed(
                            new Failure(failureOf(failure.get()).code(), ErrorClass.POISON, describe(failure.get()))));
        }
    }

    /** An {@link Error} is a problem of this process; another process, or a later try, may succeed. */
    private static boolean isPassing(Throwable thrown) {
        return thrown instanceof Error || (thrown instanceof StageException known && known.isRetryable());
    }

    private static Tolerance toleranceOf(Throwable thrown) {
        return thrown instanceof StageException known ? known.tolerance() : Tolerance.FEW;
    }

    private void work(ChunkStream stream) throws InterruptedException {
        if (stream.session().isEmpty()) {
            stream.session(stage.open(stream.head().orElseThrow()));
        }
        StreamSession session = stream.session().orElseThrow();
        Optional<Frame> frame = table.next(stream);
        if (frame.isPresent()) {
            session.accept(frame.get());
        } else if (stream.isWhole()) {
            session.complete();
            end(stream, Ending.COMPLETED, "");
        }
    }

    private Failure failureOf(Throwable thrown) {
        if (thrown instanceof StageException known) {
            return known.failure();
        }
        return new Failure(service.toUpperCase(Locale.ROOT) + ".FAILED", ErrorClass.PERMANENT, describe(thrown));
    }

    private static String describe(Throwable thrown) {
        return Optional.ofNullable(thrown.getMessage()).orElseGet(thrown::toString);
    }

    /** Stops processing the stream; its outcome is published when its input ends. */
    private void decide(ChunkStream stream, StreamOutcome outcome) throws InterruptedException {
        closeSession(stream);
        table.decide(stream, outcome);
        if (stream.isWhole() || outcome.now()) {
            publishEnd(stream, outcome);
        }
    }

    private void publishEnd(ChunkStream stream, StreamOutcome outcome) throws InterruptedException {
        int steps = stream.head().map(head -> head.job().steps()).orElse(0);
        JobEvent event = outcome.event(stream.jobId(), stream.attempt(), steps);
        try {
            if (ends.publish(event)) {
                LOG.infof("%s is %s: %s", stream.jobId(), outcome.ending(), outcome.reason());
            }
            end(stream, outcome.ending(), outcome.reason());
        } catch (KafkaException e) {
            LOG.warnf(e, "The end of %s could not be published yet", stream.jobId());
            table.delay(stream);
        }
    }

    private void end(ChunkStream stream, Ending ending, String reason) throws InterruptedException {
        closeSession(stream);
        boolean elsewhere = ending == Ending.MOVED || ending == Ending.SUPERSEDED;
        table.finish(stream, !elsewhere);
        Threads.failureOf(() -> stage.ended(stream.jobId(), stream.attempt(), ending, reason))
                .ifPresent(e -> LOG.errorf(e, "After the end of %s", stream.jobId()));
    }

    static void closeSession(ChunkStream stream) {
        Optional<StreamSession> session = stream.session();
        stream.session(null);
        session.ifPresent(
                open -> Boundary.run(open::close, e -> LOG.warnf(e, "Closing the session of %s", stream.jobId())));
    }
}
