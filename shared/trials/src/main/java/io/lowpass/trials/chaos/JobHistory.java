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

/** What the topics tell of all jobs, read from their beginning. */
final class JobHistory {

    private final Map<String, Job> jobs = new HashMap<>();
    private final Map<String, Set<String>> idsByName = new HashMap<>();
    private final Set<String> deadLetterOrigins = new HashSet<>();

    private JobHistory() {}

    /**
     * What is told of one job.
     *
     * @param ends every event after which nothing may follow
     * @param acceptances events that accept it
     * @param runs each beginning of an attempt; one that was handed back begins again
     */
    record Job(String id, List<JobEvent> ends, List<Accepted> acceptances, List<Started> runs) {

        Job(String id) {
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
        Job job = jobs.computeIfAbsent(event.jobId(), Job::new);
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

    /** What is told of a job. */
    Job job(String id) {
        return jobs.getOrDefault(id, new Job(id));
    }

    /** Every job that anything is told of. */
    List<Job> jobs() {
        return List.copyOf(jobs.values());
    }

    /** The jobs that were accepted under a name, which is their key or their {@code idempotencyKey}. */
    Set<String> ids(String name) {
        return idsByName.getOrDefault(name, Set.of());
    }

    /** Whether the record at this place became a dead letter. */
    boolean isDeadLetter(String origin) {
        return deadLetterOrigins.contains(origin);
    }
}
