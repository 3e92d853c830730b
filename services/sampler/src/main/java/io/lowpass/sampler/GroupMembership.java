package io.lowpass.sampler;

import io.lowpass.contracts.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
 * Asks the broker now and then whether a worker is a member of the samplers' share group, and how many jobs wait there:
 * its own consumer does not say, and polls in vain without a word when it has lost its group.
 */
final class GroupMembership implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(GroupMembership.class);
    private static final Duration INTERVAL = Duration.ofSeconds(3);
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
     * Begins to ask.
     *
     * @param worker name of the worker, which is its consumer's client id
     * @param patience so long it may be away from the group, or see jobs wait that it is not given
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
        var unused = clock.scheduleWithFixedDelay(this::tick, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The worker waits for a job, or has one. */
    void waits(boolean now) {
        lastFed = System.nanoTime();
        idle = now;
    }

    /** What throws is not run again. */
    private void tick() {
        CompletableFuture<?> unused = CompletableFuture.runAsync(this::ask, Runnable::run)
                .whenComplete((done, error) -> {
                    if (error != null) {
                        unanswered(Failures.cause(error));
                    }
                });
    }

    private void unanswered(Throwable error) {
        // Whether jobs wait is not known: without this, a worker would be called starved while its broker is away.
        lastFed = System.nanoTime();
        lack = "the broker does not say who is in the group " + Topics.SAMPLERS;
        LOG.debugf(error, "%s: %s", worker, lack);
    }

    private void ask() {
        try {
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
            // Another member may hold one job and have one more in its buffer.
            if (open.orElse(0) <= 2L * others) {
                lastFed = System.nanoTime();
            }
            if (member) {
                lastMember = System.nanoTime();
            } else {
                lack = "the group " + Topics.SAMPLERS + " does not count it among its members";
            }
        } catch (ExecutionException | TimeoutException e) {
            unanswered(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Jobs that the group has not finished with, waiting and running; not known before it has finished with any. */
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

    /** Records of the jobs' topic, those that end transactions included. */
    private long written() throws ExecutionException, InterruptedException, TimeoutException {
        return offset(OffsetSpec.latest()) - offset(OffsetSpec.earliest());
    }

    private long offset(OffsetSpec which) throws ExecutionException, InterruptedException, TimeoutException {
        return admin.listOffsets(Map.of(JOBS, which))
                .partitionResult(JOBS)
                .get(timeoutMillis, TimeUnit.MILLISECONDS)
                .offset();
    }

    /** Whether more jobs are open than workers: somebody waits. */
    boolean othersWait() {
        return othersWait;
    }

    /** Whether the worker has waited for long while there was work. */
    boolean isStarved() {
        return idle && System.nanoTime() - lastFed > patience.toNanos();
    }

    /** Why the worker takes no jobs although it runs; empty if it does. */
    Optional<String> problem() {
        if (System.nanoTime() - lastMember > patience.toNanos()) {
            return Optional.of(lack);
        }
        return isStarved() ? Optional.of("jobs wait, but it is given none") : Optional.empty();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        admin.close(Duration.ofSeconds(1));
    }
}
