package io.lowpass.streaming;

import io.lowpass.contracts.BrokerClock;
import io.lowpass.contracts.TopicCheck;
import io.lowpass.contracts.TopicCheck.Difference;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Checks periodically that topics, share group and clock are as the services need them. An unreachable broker leaves
 * the last result unchanged, since other checks report it. Safe for many threads.
 */
public final class BrokerMonitor implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(BrokerMonitor.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** Whoever fixes a problem wants to see the effect soon. */
    private static final Duration INTERVAL_WHILE_WRONG = Duration.ofSeconds(1);

    private final String service;
    private final Admin admin;
    private final TopicCheck topics;
    private final BrokerClock clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private Optional<String> seen = Optional.empty();
    private volatile Optional<String> problem = Optional.of("the topics have not been checked yet");

    /** Starts checking, with its own client. */
    public BrokerMonitor(String bootstrapServers, String service) {
        this(bootstrapServers, service, Clock.systemUTC());
    }

    /** As the other, with the given clock. */
    public BrokerMonitor(String bootstrapServers, String service, Clock clock) {
        this.service = service;
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        topics = new TopicCheck(admin);
        this.clock = new BrokerClock(admin, clock);
        thread = new Thread(this::monitor, service + "-broker-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Describes what is wrong; empty if nothing is. */
    public Optional<String> problem() {
        return thread.isAlive() || stop.getCount() == 0 ? problem : Optional.of("the topics are no longer checked");
    }

    private void monitor() {
        try (admin) {
            do {
                look();
            } while (!stop.await(interval().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debugf("%s stopped monitoring the broker", service);
        }
    }

    private Duration interval() {
        return seen.isEmpty() && problem.isEmpty() ? INTERVAL : INTERVAL_WHILE_WRONG;
    }

    private void look() {
        try {
            List<Difference> differences = topics.differences();
            Optional<String> found = differences.isEmpty()
                    ? clock.problem()
                    : Optional.of(differences.stream().map(Difference::text).collect(Collectors.joining("; "))
                            + " (see: lowpass doctor)");
            // Not every broker knows of a recent change yet: report a difference only when it is seen twice.
            if (found.isEmpty() || found.equals(seen)) {
                report(found);
            }
            seen = found;
        } catch (KafkaException e) {
            if (stop.getCount() > 0) {
                LOG.debugf("%s: the topics could not be checked: %s", service, e.getMessage());
            }
        }
    }

    private void report(Optional<String> found) {
        if (!found.equals(problem)) {
            found.ifPresentOrElse(
                    wrong -> LOG.errorf("%s is not ready: %s", service, wrong),
                    () -> LOG.infof("%s: topics, share group and clock are as they should be", service));
        }
        problem = found;
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
        Threads.join(thread);
    }
}
