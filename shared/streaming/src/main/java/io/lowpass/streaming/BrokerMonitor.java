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
 * Looks now and then whether topics, share group and clock are as the services need them. A broker that does not answer
 * changes nothing of what is known: that it is away others tell. Safe for many threads.
 */
public final class BrokerMonitor implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(BrokerMonitor.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** Who mends something wants to see that it helps. */
    private static final Duration INTERVAL_WHILE_WRONG = Duration.ofSeconds(1);

    private final String service;
    private final Admin admin;
    private final TopicCheck topics;
    private final BrokerClock clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private Optional<String> seen = Optional.empty();
    private volatile Optional<String> problem = Optional.of("the topics have not been checked yet");

    /** Begins to look, with a client of its own. */
    public BrokerMonitor(String bootstrapServers, String service) {
        this(bootstrapServers, service, Clock.systemUTC());
    }

    /** As the other, by this clock. */
    public BrokerMonitor(String bootstrapServers, String service, Clock clock) {
        this.service = service;
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        topics = new TopicCheck(admin);
        this.clock = new BrokerClock(admin, clock);
        thread = new Thread(this::monitor, service + "-broker-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** What is not as it should be, in words; empty if nothing is. */
    public Optional<String> problem() {
        return thread.isAlive() || stop.getCount() == 0 ? problem : Optional.of("the topics are not checked any more");
    }

    private void monitor() {
        try (admin) {
            do {
                look();
            } while (!stop.await(interval().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debugf("%s stopped looking at the broker", service);
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
            // What was changed a moment ago not every broker knows: a difference is one when it is seen twice.
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
