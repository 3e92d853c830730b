package io.lowpass.caching.pab;

import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.Trajectory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Feed-forward layers of some blocks, computed at listed times and taken again at the steps that follow.
 *
 * <p>The published tables name timesteps of one schedule. Here a run starts at the first step whose time is not above the
 * listed one: on that schedule the same step, on any other the nearest after it rather than none. Where experts take turns, a start belongs to the expert at whose
 * step the whole generation would start the run.
 *
 * @param starts times at which runs start, on the model's scale of 0 to 1000
 * @param blocks the blocks, by index from 0
 * @param steps how many steps after a start take its output again
 */
public record FeedForwardBroadcast(List<Integer> starts, Set<Integer> blocks, int steps) {

    /** No feed-forward layer is taken again. */
    public static final FeedForwardBroadcast NONE = new FeedForwardBroadcast(List.of(), Set.of(), 1);

    public FeedForwardBroadcast {
        starts = List.copyOf(starts);
        blocks = Set.copyOf(blocks);
        SettingChecks.requireAtLeast("feedForward steps", steps, 1);
        if (starts.isEmpty() != blocks.isEmpty()) {
            throw new IllegalArgumentException(
                    "feedForward starts " + starts + ", blocks " + blocks + ": both must be given, or neither");
        }
        if (blocks.stream().anyMatch(block -> block < 0)) {
            throw new IllegalArgumentException("feedForward blocks " + new TreeSet<>(blocks) + " begin below 0");
        }
    }

    /** Whether each step of a trajectory takes an earlier output again. */
    boolean[] reused(Trajectory trajectory) {
        boolean[] reused = new boolean[trajectory.steps()];
        List<Integer> found = starts.stream()
                .filter(start -> trajectory.precedingTimestep().stream().allMatch(before -> (int) before > start))
                .flatMap(start -> IntStream.range(0, reused.length)
                        .filter(i -> (int) trajectory.timestep(i) <= start)
                        .limit(1)
                        .boxed())
                .toList();
        for (int start : found) {
            for (int i = start + 1; i <= start + steps && i < reused.length; i++) {
                reused[i] = true;
            }
        }
        found.forEach(start -> reused[start] = false);
        return reused;
    }
}
