package io.lowpass.ingestion;

import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.TopicEnds;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.streaming.BrokerMonitor;
import io.lowpass.streaming.CancellationToken;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Starts and stops the background threads. They wait for an unavailable broker and never give up. */
@ApplicationScoped
public class Ingestion {

    private static final Logger LOG = Logger.getLogger(Ingestion.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final String bootstrapServers;
    private final JobViews states;
    private final List<BackgroundLoop> loops;
    private volatile Optional<BrokerMonitor> brokerMonitor = Optional.empty();
    private final CancellationToken stop = new CancellationToken();
    private final List<Thread> threads = new ArrayList<>();

    @Inject
    Ingestion(
            @ConfigProperty(name = "kafka.bootstrap.servers", defaultValue = "localhost:9092") String bootstrapServers,
            JobViews states,
            @All List<BackgroundLoop> loops) {
        this.bootstrapServers = bootstrapServers;
        this.states = states;
        this.loops = List.copyOf(loops);
    }

    void start(@Observes StartupEvent event, MeterRegistry metrics) {
        Gauge.builder("lowpass.ingestion.jobs.open", states, JobViews::open)
                .description("Jobs that have not ended")
                .register(metrics);
        keepRunning("ingestion-state", this::follow);
        FunctionCounter.builder("lowpass.records.unreadable", states, JobViews::unreadable)
                .tag("service", "ingestion")
                .register(metrics);
        for (BackgroundLoop loop : loops) {
            keepRunning(loop.name(), () -> {
                if (loop.needsJobs()) {
                    awaitJobs();
                }
                loop.run(bootstrapServers, stop);
            });
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stop.cancel();
        for (Thread thread : threads) {
            thread.join(ENDING.toMillis());
        }
        brokerMonitor.ifPresent(BrokerMonitor::close);
    }

    /** Describes what is wrong with topics, share group or clock; empty if nothing is. */
    Optional<String> brokerProblem() {
        return brokerMonitor.map(BrokerMonitor::problem).orElseGet(() -> Optional.of("no broker has answered yet"));
    }

    /** Whether all threads are running. */
    boolean isAlive() {
        return !threads.isEmpty() && threads.stream().allMatch(Thread::isAlive);
    }

    private void follow() {
        TopicSetup.DEFAULT.apply(bootstrapServers);
        if (brokerMonitor.isEmpty()) {
            brokerMonitor = Optional.of(new BrokerMonitor(bootstrapServers, "ingestion"));
        }
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers));
                TopicEnds ends = new TopicEnds(bootstrapServers)) {
            states.follow(consumer, ends, stop);
        }
    }

    /** Waits until all jobs are known, and so all topics are there. */
    private void awaitJobs() throws InterruptedException {
        while (!states.isCaughtUp() && !stop.isCancelledWithin(Duration.ofMillis(20))) {
            LOG.trace("Not all jobs are known yet");
        }
    }

    private void keepRunning(String name, Task work) {
        Thread thread = new Thread(() -> untilStopped(name, work), name);
        thread.setDaemon(true);
        // Without the thread the service is not alive; the log has the reason.
        thread.setUncaughtExceptionHandler((ended, error) -> LOG.errorf(error, "%s ended", name));
        threads.add(thread);
        thread.start();
    }

    private void untilStopped(String name, Task work) {
        try {
            do {
                try {
                    work.run();
                } catch (KafkaException e) {
                    LOG.warnf("%s failed and is restarted: %s", name, e.getMessage());
                }
            } while (!stop.isCancelledWithin(PAUSE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A task that runs until it is stopped or fails. */
    @FunctionalInterface
    private interface Task {
        void run() throws InterruptedException;
    }
}
