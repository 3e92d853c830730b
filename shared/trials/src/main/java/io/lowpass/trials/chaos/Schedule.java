package io.lowpass.trials.chaos;

import io.lowpass.trials.chaos.PlannedJob.Cancel;
import io.lowpass.trials.chaos.PlannedJob.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The schedule of a run. It depends only on the seed, the number of jobs, the kinds of faults and their targets.
 *
 * @param lasting milliseconds from the first job to the end of the last fault
 */
record Schedule(long seed, long lasting, List<PlannedJob> jobs, List<Fault> faults) {

    private static final int MILLIS_PER_JOB = 1300;
    private static final long SHORTEST = 20_000;
    private static final double KEYED = 0.5;
    /** Of those that are not keyed. */
    private static final double WITHOUT_KEY = 0.3;

    private static final double WRONG = 0.08;
    private static final double REPEATED = 0.2;
    private static final double CLASHING = 0.3;
    private static final double CANCELLED = 0.12;

    Schedule {
        jobs = List.copyOf(jobs);
        faults = List.copyOf(faults);
    }

    /** Makes the schedule. */
    static Schedule of(long seed, int jobs, Set<FaultKind> kinds, Targets targets) {
        SplittableRandom random = new SplittableRandom(seed);
        // Two random streams: the jobs stay the same if other kinds of faults are selected.
        SplittableRandom forJobs = random.split();
        SplittableRandom forFaults = random.split();
        long lasting = Math.max(SHORTEST, (long) jobs * MILLIS_PER_JOB);
        List<PlannedJob> planned = new ArrayList<>();
        for (int number = 0; number < jobs; number++) {
            long at = number * lasting / jobs + forJobs.nextInt(MILLIS_PER_JOB);
            planned.add(job("chaos-" + seed + "-" + number, at, forJobs, kinds));
        }
        return new Schedule(seed, lasting, planned, new FaultPlan(forFaults, kinds, targets).until(lasting));
    }

    private static PlannedJob job(String name, long at, SplittableRandom random, Set<FaultKind> kinds) {
        // All values are drawn, whether used or not, for the same reason.
        Channel channel = channel(random);
        List<Videos> videos = List.of(Videos.values());
        Videos video = videos.get(random.nextInt(videos.size()));
        // A rejected request without a key cannot be identified.
        boolean valid = random.nextDouble() >= WRONG || channel == Channel.RECORD;
        int repeats = random.nextDouble() < REPEATED ? 1 + random.nextInt(2) : 0;
        List<Long> again = random.longs(repeats, 0, 15_000).sorted().boxed().toList();
        boolean clash = random.nextDouble() < CLASHING && channel == Channel.KEY && valid && repeats > 0;
        boolean cancelled = random.nextDouble() < CANCELLED && valid;
        Cancel cancel = new Cancel(random.nextLong(0, 5000), random.nextBoolean());
        boolean duplicates = kinds.contains(FaultKind.DUPLICATES);
        return new PlannedJob(
                name,
                at,
                channel,
                video,
                valid,
                duplicates ? again : List.of(),
                duplicates && clash,
                Optional.of(cancel).filter(stop -> cancelled && kinds.contains(FaultKind.CANCEL)));
    }

    private static Channel channel(SplittableRandom random) {
        if (random.nextDouble() < KEYED) {
            return Channel.KEY;
        }
        return random.nextDouble() < WITHOUT_KEY ? Channel.RECORD : Channel.HTTP;
    }

    /** A line for each job and fault, in order of time. */
    List<String> lines() {
        record ScheduleLine(long at, String text) {}
        return Stream.concat(
                        jobs.stream().map(job -> new ScheduleLine(job.at(), job.toString())),
                        faults.stream().map(fault -> new ScheduleLine(fault.at(), fault.toString())))
                .sorted((one, other) -> Long.compare(one.at(), other.at()))
                .map(ScheduleLine::text)
                .toList();
    }
}
