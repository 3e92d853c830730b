package io.lowpass.trials.chaos;

import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Accepted;
import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.trials.chaos.EventFollower.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The time from a kill to the next sign of useful work of the new process. Kills that overlap with another fault of the
 * same server, the broker or the network are excluded.
 */
final class Recoveries {

    private static final double MILLIS_PER_SECOND = 1000;

    private final List<Kill> kills = new ArrayList<>();
    private final List<Disturbance> disturbances = new ArrayList<>();

    private record Kill(String server, Instant killed, Instant started, long pid) {}

    private record Disturbance(Fault fault, Instant from, Instant to) {

        boolean hits(Kill kill, Instant recovered) {
            boolean matters = fault.target().startsWith(kill.server())
                    || fault.target().equals(Targets.BROKER)
                    || (fault.target().equals(Targets.STORE) && kill.server().equals(Deployment.STORAGE));
            boolean itself = !from.isAfter(kill.killed()) && !to.isBefore(kill.started());
            return matters && !itself && from.isBefore(recovered) && to.isAfter(kill.killed());
        }
    }

    /** Records a kill and the process that followed. */
    synchronized void killed(String server, Instant killed, Instant started, long pid) {
        kills.add(new Kill(server, killed, started, pid));
    }

    /** Records the duration of a fault. */
    synchronized void disturbed(Fault fault, Instant from, Instant to) {
        disturbances.add(new Disturbance(fault, from, to));
    }

    /** Median seconds by kind of server; absent for servers without undisturbed kills. */
    synchronized Map<String, Double> medians(EventFollower events) {
        Map<String, List<Double>> seconds = new TreeMap<>();
        for (Kill kill : kills) {
            recovered(kill, events)
                    .filter(time -> disturbances.stream().noneMatch(other -> other.hits(kill, time)))
                    .ifPresent(time -> seconds.computeIfAbsent(
                                    kill.server().replaceAll("[0-9]+$", ""), unused -> new ArrayList<>())
                            .add(Duration.between(kill.killed(), time).toMillis() / MILLIS_PER_SECOND));
        }
        Map<String, Double> medians = new TreeMap<>();
        seconds.forEach((server, times) -> medians.put(server, median(times)));
        return medians;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static Optional<Instant> recovered(Kill kill, EventFollower events) {
        if (kill.server().equals(Targets.BROKER)) {
            return events.first(kill.started(), event -> true).map(Seen::receivedAt);
        }
        return events.first(kill.started(), work(kill)).map(seen -> seen.event().at());
    }

    /** Matches events that only this process can have published. */
    private static Predicate<JobEvent> work(Kill kill) {
        Predicate<JobEvent> work = switch (kill.server()) {
            case Deployment.INGESTION -> Accepted.class::isInstance;
            case Deployment.ENCODER -> event -> isOf(event, Stage.DECODE);
            case Deployment.STORAGE -> event -> event instanceof Completed || isOf(event, Stage.UPLOAD);
            default ->
                event -> event instanceof Started started && started.worker().endsWith("-" + kill.pid());
        };
        return work.and(event -> !event.at().isBefore(kill.started()));
    }

    private static boolean isOf(JobEvent event, Stage stage) {
        return event instanceof Progress progress && progress.stage() == stage;
    }
}
