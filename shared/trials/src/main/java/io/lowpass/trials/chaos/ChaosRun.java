package io.lowpass.trials.chaos;

import io.lowpass.cli.LiveLine;
import io.lowpass.trials.chaos.JobChecks.Outcome;
import io.lowpass.trials.chaos.PlannedJob.Cancel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One run: reference videos, the schedule, a quiet period, and the checks. */
final class ChaosRun {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Deployment deployment;
    private final Schedule schedule;
    private final References references;
    private final LiveLine line;
    private final long nanosBetweenLines;
    private long lastLine = System.nanoTime();
    private final Findings findings = new Findings();
    private final Recoveries recoveries = new Recoveries();
    private final List<SentJob> jobs;

    /**
     * Prepares the run.
     *
     * @param betweenLines interval of status lines
     */
    ChaosRun(Deployment deployment, Schedule schedule, References references, LiveLine line, Duration betweenLines) {
        this.nanosBetweenLines = betweenLines.toNanos();
        this.deployment = deployment;
        this.schedule = schedule;
        this.references = references;
        this.line = line;
        this.jobs = schedule.jobs().stream().map(SentJob::new).toList();
    }

    /** Runs it. */
    ChaosReport run() throws InterruptedException, IOException {
        line.show("starting " + String.join(", ", deployment.servers().keySet()));
        deployment.start();
        deployment.awaitReady();
        line.show("making the videos of an undisturbed run");
        references.make(deployment.client(Deployment.INGESTION), deployment.client(Deployment.STORAGE));
        long start = System.nanoTime();
        try (JobSender sender = new JobSender(deployment.bootstrap(), deployment.client(Deployment.INGESTION));
                RecordSender records = new RecordSender(deployment.bootstrap());
                EventFollower events = new EventFollower(deployment.bootstrap())) {
            try (FaultInjector faults = new FaultInjector(deployment, records, recoveries, findings)) {
                play(sender, faults, events);
                boolean hasRecords = schedule.faults().stream().anyMatch(fault -> fault.kind() == FaultKind.RECORDS);
                if (hasRecords) {
                    records.send(1);
                }
                List<RecordSender.Sent> sent = records.sent();
                new Settling(deployment, events, jobs)
                        .await(this::show)
                        .forEach(left -> findings.add(Findings.Violation.STUCK, left));
                double seconds = (double) (System.nanoTime() - start) / NANOS_PER_SECOND;
                line.show("checking");
                return new ChaosReport(schedule, skipped(), check(sent), findings, recoveries.medians(events), seconds);
            }
        }
    }

    private List<String> skipped() {
        boolean asked = schedule.faults().stream().anyMatch(fault -> fault.kind() == FaultKind.DISK);
        return deployment.disk().problem().filter(why -> asked).stream()
                .map(why -> "disk: no small disk could be mounted, " + why)
                .toList();
    }

    private Map<Outcome, Integer> check(List<RecordSender.Sent> records) throws InterruptedException, IOException {
        JobHistory history = JobHistory.read(deployment.bootstrap());
        JobChecks checks = new JobChecks(
                history,
                references,
                deployment.client(Deployment.INGESTION),
                deployment.client(Deployment.STORAGE),
                findings);
        for (SentJob job : jobs) {
            if (job.acknowledged().isDone()) {
                checks.check(job);
            }
        }
        checks.checkRecords(records);
        new StoredObjects(deployment.objects()).check(history, findings);
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, checks.count(outcome));
        }
        return outcomes;
    }

    /** Executes the schedule; returns when the last fault is lifted and every client has its response. */
    private void play(JobSender sender, FaultInjector faults, EventFollower events) throws InterruptedException {
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            long start = System.nanoTime();
            List<CompletableFuture<?>> work = new ArrayList<>();
            schedule.faults().forEach(fault -> work.add(after(fault.at(), pool, () -> faults.run(fault))));
            jobs.forEach(job -> work.addAll(play(job, sender, pool)));
            CompletableFuture<Void> all = CompletableFuture.allOf(work.toArray(CompletableFuture[]::new));
            while (!all.isDone()) {
                report((System.nanoTime() - start) / NANOS_PER_SECOND, events);
                Thread.sleep(1000);
            }
            all.join();
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<CompletableFuture<?>> play(SentJob job, JobSender sender, Executor pool) {
        PlannedJob plan = job.plan();
        CompletableFuture<?> sent = after(plan.at(), pool, () -> sender.send(job));
        List<CompletableFuture<?>> work = new ArrayList<>(List.of(sent));
        for (long again : plan.repeats()) {
            work.add(then(sent, again, pool, () -> sender.send(job)));
        }
        if (plan.clash()) {
            work.add(then(sent, 0, pool, () -> sender.sendClash(job)));
        }
        plan.cancel()
                .ifPresent(cancel -> work.add(then(sent, cancel.after(), pool, () -> cancel(job, sender, cancel))));
        return work;
    }

    /** A client that does not know the job's id cannot cancel it. */
    private static void cancel(SentJob job, JobSender sender, Cancel cancel) {
        Optional<String> id = job.id();
        id.ifPresent(jobId -> sender.cancel(job, jobId, cancel.http()));
    }

    private static CompletableFuture<?> after(long millis, Executor pool, Runnable work) {
        return CompletableFuture.runAsync(work, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, pool));
    }

    private static CompletableFuture<?> then(CompletableFuture<?> before, long millis, Executor pool, Runnable work) {
        return before.thenRunAsync(work, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, pool));
    }

    private void show(String state) {
        if (System.nanoTime() - lastLine >= nanosBetweenLines) {
            line.show(state);
            lastLine = System.nanoTime();
        }
    }

    private void report(long seconds, EventFollower events) {
        long millis = TimeUnit.SECONDS.toMillis(seconds);
        long sent = jobs.stream().filter(job -> job.acknowledged().isDone()).count();
        Stream<String> now = schedule.faults().stream()
                .filter(fault -> fault.at() <= millis && millis < fault.end() + 1000)
                .map(fault -> (fault.kind().toString().equals(fault.mode()) ? "" : fault.kind() + " ") + fault.mode()
                        + " " + fault.target());
        show(String.format(
                Locale.ROOT,
                "%d of %d s, %d of %d jobs sent, %d events  %s",
                seconds,
                TimeUnit.MILLISECONDS.toSeconds(schedule.lasting()),
                sent,
                jobs.size(),
                events.count(),
                String.join(", ", now.toList())));
    }
}
