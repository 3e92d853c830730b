package io.lowpass.trials.chaos;

import io.lowpass.trials.chaos.FaultKind.Mode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Draws faults: first one of each kind, then random ones, cycling through the targets and modes of each kind, so that a
 * short run covers as much as possible. A target that has just recovered is spared for a while.
 */
final class FaultPlan {

    private static final long FIRST = 2000;
    private static final int SHORTEST_GAP = 1500;
    private static final int LONGEST_GAP = 7000;
    private static final double LONGEST_SHARE = 0.4;

    /** How long a target is spared after a fault, in milliseconds: a killed broker needs ten seconds. */
    private static final long REST = 4000;

    private static final long REST_OF_BROKER = 15_000;

    private final SplittableRandom random;
    private final List<FaultKind> kinds;
    private final Targets targets;
    private final Map<FaultKind, List<Choice>> left = new EnumMap<>(FaultKind.class);
    private final Map<String, Long> busyUntil = new HashMap<>();

    private record Choice(String target, Mode mode) {}

    FaultPlan(SplittableRandom random, Set<FaultKind> kinds, Targets targets) {
        this.random = random;
        this.kinds = kinds.stream().filter(kind -> kind.weight() > 0).sorted().toList();
        this.targets = targets;
    }

    /** The faults of a run with this duration in milliseconds, in chronological order. */
    List<Fault> until(long end) {
        List<Fault> faults = new ArrayList<>();
        List<FaultKind> first = shuffled(kinds);
        long at = FIRST;
        while (!kinds.isEmpty() && at < end) {
            FaultKind kind = first.isEmpty() ? drawn() : first.remove(0);
            fault(kind, at, end).ifPresent(faults::add);
            at += random.nextInt(SHORTEST_GAP, LONGEST_GAP);
        }
        faults.sort(Comparator.comparingLong(Fault::at));
        return faults;
    }

    private FaultKind drawn() {
        int draw = random.nextInt(kinds.stream().mapToInt(FaultKind::weight).sum());
        for (FaultKind kind : kinds) {
            draw -= kind.weight();
            if (draw < 0) {
                return kind;
            }
        }
        throw new AssertionError("weights do not add up");
    }

    private Optional<Fault> fault(FaultKind kind, long at, long end) {
        List<Choice> choices = left.computeIfAbsent(kind, unused -> new ArrayList<>());
        if (choices.isEmpty()) {
            choices.addAll(choices(kind));
        }
        Optional<Choice> free = choices.stream()
                .filter(choice -> busyUntil.getOrDefault(choice.target(), 0L) <= at)
                .findFirst();
        return free.map(choice -> {
            choices.remove(choice);
            Mode mode = choice.mode();
            long longest = Math.max(mode.shortest() + 1, Math.min(mode.longest(), (long) (end * LONGEST_SHARE)));
            long lasting = Math.min(random.nextLong(mode.shortest(), longest), end - at);
            long rest = choice.target().equals(Targets.BROKER) ? REST_OF_BROKER : REST;
            busyUntil.put(choice.target(), at + lasting + rest);
            return new Fault(at, kind, mode.name(), choice.target(), lasting);
        });
    }

    /** Every mode on every target. */
    private List<Choice> choices(FaultKind kind) {
        return shuffled(kind.modes().stream()
                .flatMap(mode -> targets.of(kind).stream().map(target -> new Choice(target, mode)))
                .toList());
    }

    private <T> List<T> shuffled(List<T> list) {
        Map<Long, T> byDraw = new TreeMap<>();
        list.forEach(item -> byDraw.put(random.nextLong(), item));
        return new ArrayList<>(byDraw.values());
    }
}
