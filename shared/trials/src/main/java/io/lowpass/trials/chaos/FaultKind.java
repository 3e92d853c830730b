package io.lowpass.trials.chaos;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of faults. */
enum FaultKind {
    /** A service is killed (SIGKILL) and restarted. */
    KILL(4, new Mode("kill", 0, 4000)),
    /** A service is paused for a while (SIGSTOP). */
    STOP(2, new Mode("stop", 1000, 20_000)),
    /** A service is terminated (SIGTERM) and restarted. */
    TERMINATE(2, new Mode("terminate", 0, 2000)),
    /** The broker is killed, terminated, or paused. */
    BROKER(2, new Mode("kill", 1000, 15_000), new Mode("terminate", 1000, 15_000), new Mode("stop", 1000, 15_000)),
    /** The store is killed or paused. */
    STORE(2, new Mode("kill", 1000, 15_000), new Mode("stop", 1000, 15_000)),
    /** A connection to the broker or the store is cut, refused, stalled or slow. */
    NETWORK(
            5,
            new Mode("cut", 0, 1),
            new Mode("refuse", 1000, 20_000),
            new Mode("stall", 1000, 20_000),
            new Mode("delay", 3000, 15_000)),
    /** The store's disk is full. */
    DISK(1, new Mode("fill", 3000, 15_000)),
    /** Unexpected records are written to topics. */
    RECORDS(2, new Mode("send", 0, 1)),
    /** Jobs are cancelled. */
    CANCEL(0),
    /** Requests are repeated, and other requests use names that are taken. */
    DUPLICATES(0);

    private final int weight;

    @SuppressWarnings("ImmutableEnumChecker") // the list is unmodifiable, which its type does not say
    private final List<Mode> modes;

    FaultKind(int weight, Mode... modes) {
        this.weight = weight;
        this.modes = List.of(modes);
    }

    /**
     * A variant of a fault.
     *
     * @param shortest minimum duration in milliseconds
     * @param longest maximum duration in milliseconds, exclusive
     */
    record Mode(String name, long shortest, long longest) {}

    /** Relative frequency; 0 for faults that are planned with the jobs. */
    int weight() {
        return weight;
    }

    /** The variants; none for faults that are planned with the jobs. */
    List<Mode> modes() {
        return modes;
    }

    /** Name on the command line and in reports, in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Parses a list of kinds: {@code kill,broker}, {@code all} or {@code none}.
     *
     * @throws IllegalArgumentException naming an unknown kind and the known ones
     */
    static Set<FaultKind> parse(String list) {
        if (list.equals("all")) {
            return EnumSet.allOf(FaultKind.class);
        }
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        if (!list.equals("none")) {
            Stream.of(list.split(",")).map(FaultKind::of).forEach(kinds::add);
        }
        return kinds;
    }

    private static FaultKind of(String name) {
        return Stream.of(values())
                .filter(kind -> kind.toString().equals(name.trim()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not allowed: all, none, or some of "
                        + Stream.of(values()).map(FaultKind::toString).collect(Collectors.joining(", "))));
    }
}
