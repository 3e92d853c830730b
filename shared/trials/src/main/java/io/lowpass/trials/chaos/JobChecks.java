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
import io.lowpass.trials.chaos.JobHistory.Job;
import io.lowpass.trials.processes.ServiceClient;
import io.lowpass.trials.processes.ServiceClient.Answer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds what became of each job against what was asked. */
final class JobChecks {

    /** Attempts that a job has before it is given up, by the services' defaults. */
    private static final int ATTEMPTS = 4;

    private final JobHistory history;
    private final References references;
    private final ServiceClient ingestion;
    private final ServiceClient storage;
    private final Findings findings;
    private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

    /**
     * Holds jobs against what is told of them.
     *
     * @param ingestion is asked for each job's state
     * @param storage is asked for each video
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

    /** How a job can end. */
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

    /** How many of the jobs ended so. */
    int count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0);
    }

    /** Checks one job. */
    void check(SentJob sent) throws InterruptedException {
        String name = sent.plan().name();
        if (sent.isRefused()) {
            counts.merge(Outcome.REJECTED, 1, Integer::sum);
            require(!sent.plan().valid(), Violation.LOST, name + " was refused although it is right");
            return;
        }
        Set<String> ids = history.ids(name);
        require(ids.size() <= 1, Violation.DOUBLED, name + " was accepted as several jobs: " + ids);
        Optional<String> id = sent.id().or(() -> ids.stream().findFirst());
        if (id.isEmpty()) {
            findings.add(Violation.LOST, name + " was acknowledged and never answered");
            return;
        }
        require(
                ids.isEmpty() || ids.contains(id.get()),
                Violation.DOUBLED,
                name + " was told to be " + id.get() + " and accepted as " + ids);
        check(sent, history.job(id.get()));
    }

    private void check(SentJob sent, Job job) throws InterruptedException {
        String what = sent.plan().name() + " (job " + job.id() + ")";
        if (job.ends().isEmpty()) {
            boolean accepted = !job.acceptances().isEmpty();
            findings.add(
                    accepted ? Violation.STUCK : Violation.LOST,
                    what + (accepted ? " has no end" : " was acknowledged and never answered"));
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

    private static boolean hasCause(SentJob sent, Job job, JobEvent end) {
        if (end instanceof Rejected) {
            return !sent.plan().valid();
        }
        if (end instanceof Cancelled) {
            return sent.isCancelAsked();
        }
        if (end instanceof Failed failed) {
            // Each run ended with the worker, which the run killed. One that was handed back goes on as the same
            // attempt.
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
                    what + " has a video of " + bytes.length + " bytes, and another one is told of: " + told);
        } else {
            require(
                    references.areSame(asked, bytes),
                    Violation.DIFFERENT,
                    what + " has other frames than an undisturbed run makes");
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

    /** Checks that every record that could not be read and asks for an answer has one. */
    void checkRecords(List<RecordSender.Sent> records) {
        for (RecordSender.Sent record : records) {
            boolean rejected = history.job(record.key()).ends().stream().anyMatch(Rejected.class::isInstance);
            // Without a key, a rejection cannot be told from others.
            boolean asked = UnexpectedRecords.isAnswered(record.topic(), record.key())
                    && !record.key().isEmpty();
            require(
                    !asked || rejected || history.isDeadLetter(record.origin()),
                    Violation.LOST,
                    record.key() + " at " + record.origin() + " was neither rejected nor made a dead letter");
        }
    }

    private void require(boolean right, Violation kind, String otherwise) {
        if (!right) {
            findings.add(kind, otherwise);
        }
    }
}
