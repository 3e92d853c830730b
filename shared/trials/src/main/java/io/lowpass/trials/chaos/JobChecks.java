package io.lowpass.trials.chaos;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.Video;
import io.lowpass.trials.chaos.Findings.Violation;
import io.lowpass.trials.chaos.JobHistory.JobRecord;
import io.lowpass.trials.processes.ServiceClient;
import io.lowpass.trials.processes.ServiceClient.Answer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the outcome of each job with the request. */
final class JobChecks {

    /** Number of attempts at a job by default. */
    private static final int ATTEMPTS = 4;

    private final JobHistory history;
    private final References references;
    private final ServiceClient ingestion;
    private final ServiceClient storage;
    private final Findings findings;
    private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

    /**
     * Checks jobs against the topics.
     *
     * @param ingestion queried for each job's state
     * @param storage queried for each video
     */
    JobChecks(
            JobHistory history,
            References references,
            ServiceClient ingestion,
            ServiceClient storage,
            Findings findings) {
        this.history = history;
        this.references = references;
        this.ingestion = ingestion;
        this.storage = storage;
        this.findings = findings;
    }

    /** The outcome of a job. */
    enum Outcome {
        COMPLETED,
        CANCELLED,
        FAILED,
        REJECTED;

        /** Name in reports, in lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Number of jobs with this outcome. */
    int count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0);
    }

    /** Checks one job. */
    void check(SentJob sent) throws InterruptedException {
        String name = sent.plan().name();
        if (sent.isRefused()) {
            counts.merge(Outcome.REJECTED, 1, Integer::sum);
            require(!sent.plan().valid(), Violation.LOST, name + " was rejected although it is valid");
            return;
        }
        Set<String> ids = history.ids(name);
        require(ids.size() <= 1, Violation.DOUBLED, name + " was accepted as several jobs: " + ids);
        Optional<String> id = sent.id().or(() -> ids.stream().findFirst());
        if (id.isEmpty()) {
            findings.add(Violation.LOST, name + " was acknowledged but never answered");
            return;
        }
        require(
                ids.isEmpty() || ids.contains(id.get()),
                Violation.DOUBLED,
                name + " was told to be " + id.get() + " and accepted as " + ids);
        check(sent, history.job(id.get()));
    }

    private void check(SentJob sent, JobRecord job) throws InterruptedException {
        String what = sent.plan().name() + " (job " + job.id() + ")";
        if (job.ends().isEmpty()) {
            boolean accepted = !job.acceptances().isEmpty();
            findings.add(
                    accepted ? Violation.STUCK : Violation.LOST,
                    what + (accepted ? " has no end" : " was acknowledged but never answered"));
            return;
        }
        require(job.ends().size() == 1, Violation.DOUBLED, what + " has several ends: " + job.ends());
        require(
                job.acceptances().size() <= 1,
                Violation.DOUBLED,
                what + " was accepted " + job.acceptances().size() + " times");
        JobEvent end = job.ends().get(0);
        Outcome outcome = outcome(end);
        counts.merge(outcome, 1, Integer::sum);
        require(hasCause(sent, job, end), Violation.LOST, what + " ended without a cause: " + end);
        if (end instanceof Completed completed) {
            checkVideo(what, sent.plan().video(), completed);
        }
        checkView(what, job.id(), outcome);
    }

    private static Outcome outcome(JobEvent end) {
        if (end instanceof Completed) {
            return Outcome.COMPLETED;
        }
        if (end instanceof Cancelled) {
            return Outcome.CANCELLED;
        }
        return end instanceof Failed ? Outcome.FAILED : Outcome.REJECTED;
    }

    private static boolean hasCause(SentJob sent, JobRecord job, JobEvent end) {
        if (end instanceof Rejected) {
            return !sent.plan().valid();
        }
        if (end instanceof Cancelled) {
            return sent.isCancelAsked();
        }
        if (end instanceof Failed failed) {
            // Each run ended with its killed worker. A job that was handed back continues in the same attempt.
            return failed.error().errorClass() == ErrorClass.POISON
                    && job.runs().stream().map(Started::attempt).distinct().count() >= ATTEMPTS;
        }
        return sent.plan().valid();
    }

    private void checkVideo(String what, Videos asked, Completed completed) throws InterruptedException {
        Video told = completed.output();
        Answer answer = storage.get("/videos/" + completed.jobId());
        byte[] bytes = answer.body();
        if (answer.status() != 200) {
            findings.add(Violation.LOST, what + " is completed, and its video is answered " + answer.status());
        } else if (bytes.length != told.bytes() || !References.sha256(bytes).equals(told.sha256())) {
            findings.add(
                    Violation.DIFFERENT,
                    what + " has a video of " + bytes.length + " bytes, but its event describes another one: " + told);
        } else {
            require(
                    references.areSame(asked, bytes),
                    Violation.DIFFERENT,
                    what + " differs from the video of an undisturbed run");
        }
    }

    private void checkView(String what, String id, Outcome outcome) throws InterruptedException {
        Answer answer = ingestion.get("/jobs/" + id);
        String state = answer.json().path("state").asText();
        require(
                state.equals(outcome.toString()),
                Violation.STUCK,
                what + " is " + outcome + ", and over HTTP it is " + answer.status() + " '" + state + "'");
    }

    /** Checks that every unreadable record that requires an answer has one. */
    void checkRecords(List<RecordSender.Sent> records) {
        for (RecordSender.Sent record : records) {
            boolean rejected = history.job(record.key()).ends().stream().anyMatch(Rejected.class::isInstance);
            // Without a key, a rejection cannot be identified.
            boolean asked = UnexpectedRecords.isAnswered(record.topic(), record.key())
                    && !record.key().isEmpty();
            require(
                    !asked || rejected || history.isDeadLetter(record.origin()),
                    Violation.LOST,
                    record.key() + " at " + record.origin()
                            + " was neither rejected nor sent to the dead-letter topic");
        }
    }

    private void require(boolean right, Violation kind, String otherwise) {
        if (!right) {
            findings.add(kind, otherwise);
        }
    }
}
