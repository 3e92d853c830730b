package io.lowpass.sampler;

import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Periodically asks the broker whether a worker is a member of the samplers' share group, and how many jobs wait there.
 * The worker's own consumer does not report this: after losing its group it keeps polling silently.
 */
final class GroupMembership implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(GroupMembership.class);
    private static final int ASKED_WITHIN_PATIENCE = 10;
    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(2);
    private static final TopicPartition JOBS = new TopicPartition(Topics.JOBS, 0);

    private final String worker;
    private final Duration patience;
    private final long timeoutMillis;
    private final Admin admin;
    private final ScheduledExecutorService clock;
    private volatile long lastMember = System.nanoTime();
    private volatile long lastFed = System.nanoTime();
    private volatile boolean idle;
    private volatile String lack = "it has not joined yet";
    private volatile boolean othersWait;

    /**
     * Starts asking.
     *
     * @param worker name of the worker, which is its consumer's client id
     * @param patience how long it may be missing from the group, or receive no jobs although some wait
     */
    GroupMembership(String worker, String bootstrap, Duration patience) {
        this.worker = worker;
        this.patience = patience;
        this.timeoutMillis = Math.max(SHORTEST_TIMEOUT.toMillis(), patience.toMillis() / 3);
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        this.clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, worker + "-contact");
            thread.setDaemon(true);
            return thread;
        });
        var unused = clock.scheduleWithFixedDelay(
                this::tick, 0, patience.toMillis() / ASKED_WITHIN_PATIENCE, TimeUnit.MILLISECONDS);
    }

    /** Sets whether the worker is waiting for a job. */
    void waits(boolean now) {
        lastFed = System.nanoTime();
        idle = now;
    }

    /** A scheduled task that throws is not run again. */
    private void tick() {
        Boundary.run(this::ask, this::unanswered);
    }

    private void unanswered(Throwable error) {
        // It is unknown whether jobs wait: without this, a worker would count as starved while its broker is
        // unavailable.
        lastFed = System.nanoTime();
        lack = "the broker does not report the members of the group " + Topics.SAMPLERS;
        LOG.debugf(error, "%s: %s", worker, lack);
    }

    private void ask() throws ExecutionException, InterruptedException, TimeoutException {
        ShareGroupDescription group = Objects.requireNonNull(admin.describeShareGroups(Set.of(Topics.SAMPLERS))
                        .describedGroups()
                        .get(Topics.SAMPLERS))
                .get(timeoutMillis, TimeUnit.MILLISECONDS);
        boolean member = group.members().stream()
                .anyMatch(other -> other.clientId().equals(worker)
                        && !other.assignment().topicPartitions().isEmpty());
        int others = group.members().size() - (member ? 1 : 0);
        OptionalLong open = open();
        othersWait = open.isPresent() ? open.getAsLong() > 1 + others : written() > 1 + others;
        // Each other member may hold one job and have one more in its buffer.
        if (open.orElse(0) <= 2L * others) {
            lastFed = System.nanoTime();
        }
        if (member) {
            lastMember = System.nanoTime();
        } else {
            lack = "it is not a member of the group " + Topics.SAMPLERS;
        }
    }

    /** Number of unfinished jobs of the group, waiting and running; empty before it has finished any. */
    private OptionalLong open() throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, SharePartitionOffsetInfo> offsets = admin.listShareGroupOffsets(
                        Map.of(Topics.SAMPLERS, new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(Topics.SAMPLERS)
                .get(timeoutMillis, TimeUnit.MILLISECONDS);
        return offsets.values().stream()
                .filter(Objects::nonNull)
                .flatMap(info -> info.lag().stream())
                .mapToLong(Long::longValue)
                .reduce(Long::sum);
    }

    /** Number of records on the jobs topic, including transaction markers. */
    private long written() throws ExecutionException, InterruptedException, TimeoutException {
        return offset(OffsetSpec.latest()) - offset(OffsetSpec.earliest());
    }

    private long offset(OffsetSpec which) throws ExecutionException, InterruptedException, TimeoutException {
        return admin.listOffsets(Map.of(JOBS, which))
                .partitionResult(JOBS)
                .get(timeoutMillis, TimeUnit.MILLISECONDS)
                .offset();
    }

    /** Whether there are more unfinished jobs than workers. */
    boolean othersWait() {
        return othersWait;
    }

    /** Whether the worker has received no job for a long time although some wait. */
    boolean isStarved() {
        return idle && System.nanoTime() - lastFed > patience.toNanos();
    }

    /** Why the worker takes no jobs although it is running; empty if it does. */
    Optional<String> problem() {
        if (System.nanoTime() - lastMember > patience.toNanos()) {
            return Optional.of(lack);
        }
        return isStarved() ? Optional.of("jobs wait, but it receives none") : Optional.empty();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        admin.close(Duration.ofSeconds(1));
    }
}
