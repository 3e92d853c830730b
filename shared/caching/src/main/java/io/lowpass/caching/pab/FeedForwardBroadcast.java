package io.lowpass.caching.pab;

import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.Trajectory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Reuses the outputs of the feed-forward layers of some blocks for a number of steps after listed timesteps.
 *
 * <p>The published tables name timesteps of one schedule. Here a run of reuse starts at the first step whose timestep
 * is not above the listed one: the same step on that schedule, and the next one on any other. With several experts, a
 * start belongs to the expert that predicts this step.
 *
 * @param starts timesteps at which runs start, 0 to 1000
 * @param blocks indices of the blocks, from 0
 * @param steps number of steps after a start that reuse its output
 */
public record FeedForwardBroadcast(List<Integer> starts, Set<Integer> blocks, int steps) {

    /** Nothing is reused. */
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

    /** For each step of a trajectory, whether it reuses an earlier output. */
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
