package io.lowpass.trials.chaos;

import io.lowpass.contracts.DeadLetters;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Accepted;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** The history of all jobs, read from the topics. */
final class JobHistory {

    private final Map<String, JobRecord> jobs = new HashMap<>();
    private final Map<String, Set<String>> idsByName = new HashMap<>();
    private final Set<String> deadLetterOrigins = new HashSet<>();

    private JobHistory() {}

    /**
     * The history of one job.
     *
     * @param ends all terminal events
     * @param acceptances all accepted events
     * @param runs the started events; an attempt that was handed back starts again
     */
    record JobRecord(String id, List<JobEvent> ends, List<Accepted> acceptances, List<Started> runs) {

        JobRecord(String id) {
            this(id, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Reads the topics. */
    static JobHistory read(String bootstrap) {
        JobHistory history = new JobHistory();
        try (TopicReader reader =
                new TopicReader(bootstrap, List.of(Topics.STATE, Topics.PROGRESS, Topics.DEAD_LETTER))) {
            reader.toEnd(history::take);
        }
        return history;
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        if (record.topic().equals(Topics.DEAD_LETTER)) {
            Header origin = record.headers().lastHeader(DeadLetters.ORIGIN);
            if (origin != null && origin.value() != null) {
                deadLetterOrigins.add(new String(origin.value(), StandardCharsets.UTF_8));
            }
            return;
        }
        EventFollower.event(record).ifPresent(this::take);
    }

    private void take(JobEvent event) {
        JobRecord job = jobs.computeIfAbsent(event.jobId(), JobRecord::new);
        if (event instanceof Accepted accepted) {
            job.acceptances().add(accepted);
            String name = accepted.job().idempotencyKey().orElse(accepted.jobId());
            idsByName.computeIfAbsent(name, unused -> new HashSet<>()).add(accepted.jobId());
        } else if (event instanceof Started started) {
            job.runs().add(started);
        } else if (event.isTerminal()) {
            job.ends().add(event);
        }
    }

    /** The history of a job. */
    JobRecord job(String id) {
        return jobs.getOrDefault(id, new JobRecord(id));
    }

    /** All jobs in the history. */
    List<JobRecord> jobs() {
        return List.copyOf(jobs.values());
    }

    /** The jobs that were accepted under a name, which is their key or their {@code idempotencyKey}. */
    Set<String> ids(String name) {
        return idsByName.getOrDefault(name, Set.of());
    }

    /** Whether the record at this position became a dead letter. */
    boolean isDeadLetter(String origin) {
        return deadLetterOrigins.contains(origin);
    }
}
