package io.lowpass.local.recovery;

import io.lowpass.contracts.Events;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.TopicSetup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills each service with SIGKILL and prints how many seconds pass until its work goes on: first by the same service,
 * started again at once, then by another process of its group. {@code deploy/checks/recovery} runs it; the property
 * {@code recovery.tries} says how often each is tried, 3 times by default.
 */
class RecoveryBenchmark {

    private static final int TRIES = Integer.getInteger("recovery.tries", 3);
    private static final int LONG_JOB = 500;
    private static final int LOADED_SECONDS = Integer.getInteger("recovery.loaded", 120);
    private static final int BURNERS_PER_CORE = 4;

    @TempDir
    private Path directory;

    private int jobs;

    @Test
    void printsSecondsUntilWorkGoesOn() throws Exception {
        List<String> table = new ArrayList<>();
        table.add(String.format(Locale.ROOT, "%-10s %-24s %8s   %s", "killed", "work goes on in", "median s", "all"));
        try (Fleet fleet = new Fleet(directory)) {
            for (Killed service : Killed.values()) {
                table.add(row(service, "the same, started again", () -> startedAgain(fleet, service)));
                fleet.start(service);
                fleet.awaitMembers(service);
                table.add(row(service, "another of its group", () -> takenOver(fleet, service)));
                fleet.kill(service, fleet.processes(service).get(0));
                fleet.awaitMembers(service);
            }
        }
        System.out.println(String.join(System.lineSeparator(), table));
    }

    @Test
    void printsMembersLostUnderLoad() throws Exception {
        int burners = BURNERS_PER_CORE * Runtime.getRuntime().availableProcessors();
        List<Process> load = new ArrayList<>();
        Set<String> lost = new TreeSet<>();
        try (Fleet fleet = new Fleet(directory)) {
            Set<String> members = fleet.members();
            for (int i = 0; i < burners; i++) {
                load.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
            }
            for (int second = 0; second < LOADED_SECONDS; second++) {
                fleet.submit("loaded-" + second, 2);
                Thread.sleep(1000);
                Set<String> now = fleet.members();
                members.removeAll(now);
                lost.addAll(members);
                members = now;
            }
        } finally {
            load.forEach(Process::destroyForcibly);
        }
        System.out.printf(
                Locale.ROOT,
                "lost while alive: %d members in %d s with a job a second and %d other busy processes%n",
                lost.size(),
                LOADED_SECONDS,
                burners);
    }

    private static String row(Killed service, String how, Trial trial) throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            seconds.add(trial.seconds());
        }
        double median = seconds.stream().sorted().skip(TRIES / 2).findFirst().orElseThrow();
        String all = seconds.stream()
                .map(value -> String.format(Locale.ROOT, "%.1f", value))
                .collect(Collectors.joining(" "));
        return String.format(Locale.ROOT, "%-10s %-24s %8.1f   %s", service, how, median, all);
    }

    /** One kill: the seconds after it. */
    @FunctionalInterface
    private interface Trial {
        double seconds() throws Exception;
    }

    private double startedAgain(Fleet fleet, Killed service) throws Exception {
        double seconds = afterKill(fleet, service, () -> fleet.start(service));
        fleet.awaitMembers(service);
        return seconds;
    }

    private double takenOver(Fleet fleet, Killed service) throws Exception {
        double seconds = afterKill(fleet, service, () -> {});
        fleet.awaitMembers(service);
        fleet.start(service);
        fleet.awaitMembers(service);
        return seconds;
    }

    private double afterKill(Fleet fleet, Killed service, Runnable then) throws Exception {
        try (Watched work = new Watched(fleet.bootstrapServers(), service.output())) {
            return service == Killed.SAMPLER
                    ? afterKillAtWork(fleet, work, then)
                    : afterKillAtRest(fleet, service, work, then);
        }
    }

    /** The sampler is killed in the middle of a job: what tells is the job's second start. */
    private double afterKillAtWork(Fleet fleet, Watched work, Runnable then) throws Exception {
        String job = "job-" + ++jobs;
        fleet.submit(job, LONG_JOB);
        Started first = (Started) Events.read(work.await(Killed.SAMPLER.workOn(job)));
        work.await(record -> record.key().equals(job) && Events.read(record) instanceof Progress);
        ServiceProcess killed = fleet.processes(Killed.SAMPLER).stream()
                .filter(process -> first.worker().endsWith("-" + process.pid()))
                .findFirst()
                .orElseThrow();
        long at = System.nanoTime();
        fleet.kill(Killed.SAMPLER, killed);
        then.run();
        work.await(Killed.SAMPLER.workOn(job));
        double seconds = (System.nanoTime() - at) / 1e9;
        fleet.cancel(job);
        return seconds;
    }

    /** The others are killed just before a job comes whose records they would have read. */
    private double afterKillAtRest(Fleet fleet, Killed service, Watched work, Runnable then) throws Exception {
        ServiceProcess killed = fleet.processes(service).get(0);
        Set<Integer> partitions = fleet.partitions(service, killed);
        String job = "job-" + ++jobs;
        while (!partitions.contains(partition(job))) {
            job = "job-" + ++jobs;
        }
        long at = System.nanoTime();
        fleet.kill(service, killed);
        then.run();
        fleet.submit(job, 2);
        work.await(service.workOn(job));
        return (System.nanoTime() - at) / 1e9;
    }

    private static int partition(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % TopicSetup.DEFAULT.partitions();
    }
}
