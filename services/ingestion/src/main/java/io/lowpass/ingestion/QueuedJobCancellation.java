package io.lowpass.ingestion;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobRun;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Records;
import io.lowpass.contracts.TopicEnds;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.WholeTopics;
import io.lowpass.streaming.CancellationToken;
import io.lowpass.streaming.JobEnds;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Ends cancelled jobs while no sampler has them: a sampler would not run such a job, but none may be free for hours.
 * Every ingestion process does this, and a sampler may take the job at the same moment; {@link JobEnds} ensures a
 * single end. A running job is stopped by its worker, unless the recorded runs show that its worker handed it back.
 * They do not show that a worker was killed: its job is stopped by the next sampler that gets it.
 */
@ApplicationScoped
public class QueuedJobCancellation implements BackgroundLoop {

    private static final Logger LOG = Logger.getLogger(QueuedJobCancellation.class);
    private static final Duration POLL = Duration.ofMillis(50);

    /** Cancel requests of jobs that have not ended or are still unknown; the oldest are dropped. */
    private static final int MOST = 10_000;

    /** Publishing an end takes tens of milliseconds of waiting for the broker. */
    private static final int AT_ONCE = 8;

    private final JobViews states;

    QueuedJobCancellation(JobViews states) {
        this.states = states;
    }

    @Override
    public String name() {
        return "ingestion-cancels";
    }

    /** Reads cancels from the first one on; what was read is read again by another call. */
    @Override
    public void run(String bootstrapServers, CancellationToken stop) throws InterruptedException {
        Map<String, CancelRequested> wanted = new LinkedHashMap<>();
        Set<String> left = new HashSet<>();
        JobEnds ends = new JobEnds(bootstrapServers, states.knownEnds());
        ExecutorService writers = Executors.newFixedThreadPool(AT_ONCE, QueuedJobCancellation::daemon);
        try (var consumer = new KafkaConsumer<String, byte[]>(KafkaSettings.consumer(bootstrapServers));
                TopicEnds brokers = new TopicEnds(bootstrapServers)) {
            WholeTopics topics = new WholeTopics(consumer, brokers, Topics.CONTROL, Topics.RUNS);
            while (!stop.isCancelled()) {
                topics.assignNowAndThen();
                consumer.poll(POLL).forEach(record -> read(record, wanted, left));
                wanted.keySet().removeIf(states::isOver);
                left.removeIf(states::isOver);
                end(wanted, left, ends, writers);
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "ingestion-cancel");
        thread.setDaemon(true);
        return thread;
    }

    /** Unreadable records are left to {@link ControlDeadLetters}. */
    private static void read(
            ConsumerRecord<String, byte[]> record, Map<String, CancelRequested> wanted, Set<String> left) {
        Event event = Records.event(record).found().orElse(null);
        if (event instanceof JobRun run) {
            note(run, left);
        } else if (event instanceof CancelRequested cancel) {
            wanted.put(cancel.jobId(), cancel);
            if (wanted.size() > MOST) {
                wanted.remove(wanted.keySet().iterator().next());
            }
        }
    }

    /** Tracks which started jobs no longer have a worker. */
    private static void note(JobRun run, Set<String> left) {
        if (run.state() == JobRun.State.HANDED_BACK || run.state() == JobRun.State.FAILED) {
            left.add(run.jobId());
        } else {
            left.remove(run.jobId());
        }
    }

    private void end(Map<String, CancelRequested> wanted, Set<String> left, JobEnds ends, ExecutorService writers)
            throws InterruptedException {
        List<Future<?>> written = new ArrayList<>();
        for (CancelRequested cancel : wanted.values()) {
            states.find(cancel.jobId())
                    .filter(job -> job.state().isWaiting() || left.contains(job.jobId()))
                    .ifPresent(job -> written.add(writers.submit(() -> ends.publish(cancelled(job, cancel)))));
        }
        for (Future<?> end : written) {
            await(end);
        }
    }

    private static void await(Future<?> end) throws InterruptedException {
        try {
            end.get();
        } catch (ExecutionException e) {
            throw new KafkaException("a cancelled job could not be ended: " + e.getCause(), e.getCause());
        }
    }

    private static Cancelled cancelled(JobView job, CancelRequested cancel) {
        LOG.infof("Job %s is cancelled while it is queued", job.jobId());
        Optional<Progress> last = job.progress();
        return new Cancelled(
                job.jobId(),
                job.attempt(),
                Instant.now(),
                last.map(Progress::step).orElse(0),
                cancel.reason());
    }
}
