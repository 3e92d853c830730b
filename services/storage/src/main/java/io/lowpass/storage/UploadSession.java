package io.lowpass.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.ObjectMetadata;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.StepCounts;
import io.lowpass.contracts.Video;
import io.lowpass.streaming.Connections;
import io.lowpass.streaming.Frame;
import io.lowpass.streaming.JobEnds;
import io.lowpass.streaming.JobStates;
import io.lowpass.streaming.StageException;
import io.lowpass.streaming.StreamHead;
import io.lowpass.streaming.StreamSession;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/** One video: its fragments are uploaded as they arrive; when all are stored, the job is completed. */
final class UploadSession implements StreamSession {

    private static final Logger LOG = Logger.getLogger(UploadSession.class);
    private static final StepCounts UNCOUNTED = new StepCounts(0, 0, 0, 0);

    private final StreamHead head;
    private final ObjectUpload upload;
    private final JobStates states;
    private final JobEnds ends;
    private final StorageMetrics metrics;
    private final Lock lock;
    private final Map<String, Long> timings = new HashMap<>();
    private long busyNanos;

    UploadSession(StreamHead head, UploadContext context, Connections connections) {
        this.head = head;
        this.states = connections.states();
        this.ends = connections.ends();
        this.metrics = context.metrics();
        Job job = head.job();
        lock = context.lock(job.output());
        upload = new ObjectUpload(
                context.store(),
                ObjectPath.of(job.output()),
                new UploadRetry(
                        context,
                        connections,
                        new UploadRetry.Upload(
                                job.jobId(), head.attempt(), job.output().bucket(), head.writtenAt())),
                ObjectMetadata.of(job));
    }

    @Override
    public void accept(Frame fragment) throws InterruptedException {
        long start = System.nanoTime();
        if (fragment.index() == 0) {
            begin();
        }
        timings.putAll(timings(fragment.attributes()));
        upload.write(fragment.bytes());
        metrics.bytes(fragment.bytes().remaining());
        busyNanos += System.nanoTime() - start;
    }

    private void begin() throws InterruptedException {
        List<String> found = upload.begin();
        if (!found.isEmpty()) {
            // A job whose upload was found must have been accepted earlier: it is known now.
            states.catchUp();
            if (!states.isAwaitedByOthers(head.job().output(), head.jobId())) {
                upload.forget(found);
            }
        }
    }

    @Override
    public void complete() throws InterruptedException {
        // If two jobs write to one location, the one whose object remains must publish its end last.
        lock.lockInterruptibly();
        try {
            completeAlone();
        } finally {
            lock.unlock();
        }
    }

    private void completeAlone() throws InterruptedException {
        long start = System.nanoTime();
        // Another attempt may have been faster; its object is the one that the event describes.
        if (states.isOver(head.jobId())) {
            return;
        }
        requireNotOverwritten();
        upload.finish();
        busyNanos += System.nanoTime() - start;
        metrics.uploaded(Duration.ofNanos(busyNanos));
        JobEvent.Completed completed = completed();
        try {
            if (ends.publish(completed)) {
                LOG.infof(
                        "%s, %d bytes",
                        completed.output().uri(), completed.output().bytes());
            } else {
                LOG.infof("The object is stored, but the job was already over: %s", states.end(head.jobId()));
            }
        } catch (KafkaException e) {
            throw new StageException(
                    "BROKER.AWAY", ErrorClass.RETRYABLE, "the broker did not acknowledge the event", e);
        }
    }

    /**
     * Yields to a later job that may overwrite this one's video and has finished first. While that job is unfinished,
     * this one may still write: its object is either overwritten later, or remains if the other job fails.
     */
    private void requireNotOverwritten() throws InterruptedException {
        // The other job may have been completed by another process.
        states.catchUp();
        Job job = head.job();
        Optional<String> later = states.overwrittenBy(job.output(), job.requestedAt());
        if (later.isPresent()) {
            throw StageException.permanent(
                    "OUTPUT.OVERWRITTEN",
                    "job " + later.get() + ", which was accepted later, has overwritten "
                            + job.output().uri());
        }
    }

    private JobEvent.Completed completed() {
        Job job = head.job();
        Instant now = Instant.now();
        timings.put("upload", Duration.ofNanos(busyNanos).toMillis());
        timings.put("total", Duration.between(job.requestedAt(), now).toMillis());
        ObjectPath path = ObjectPath.of(job.output());
        Size size = size();
        Video video = new Video(
                path.bucket(),
                path.key(),
                path.uri(),
                ObjectStore.MIME,
                upload.bytes(),
                upload.sha256(),
                size.width(),
                size.height(),
                job.numFrames(),
                job.fps(),
                upload.etag());
        return new JobEvent.Completed(job.jobId(), head.attempt(), now, video, timings, steps(), job.seed());
    }

    private Size size() {
        String said = head.attributes().get(Chunk.SIZE);
        return said == null ? head.job().size() : Size.of(said);
    }

    private StepCounts steps() {
        String counted = head.attributes().get(Chunk.STEPS);
        return counted == null ? UNCOUNTED : EventJson.read(counted, StepCounts.class);
    }

    private static Map<String, Long> timings(Map<String, String> attributes) {
        try {
            return EventJson.mapper().readValue(attributes.getOrDefault(Chunk.TIMINGS, "{}"), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new StageException(
                    "STREAM.TIMINGS", ErrorClass.PERMANENT, "the timings are no JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public void close() {
        upload.close();
    }
}
