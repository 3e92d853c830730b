package io.lowpass.ingestion;

import io.lowpass.contracts.Topics;
import io.lowpass.streaming.CancellationToken;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.jboss.logging.Logger;

/**
 * Jobs that wait for a sampler or are with one: the lag of the samplers' share group, by which samplers are scaled. It
 * also tells whether the broker answers.
 */
@ApplicationScoped
public class ShareGroupLag {

    private static final Logger LOG = Logger.getLogger(ShareGroupLag.class);
    private static final int TIMEOUT_SECONDS = 10;

    private final JobViews states;
    private volatile double lag = Double.NaN;
    private volatile Instant answeredAt = Instant.EPOCH;

    ShareGroupLag(JobViews states, MeterRegistry metrics) {
        this.states = states;
        Gauge.builder("lowpass.share.group.lag", () -> lag)
                .description("Jobs that wait for a sampler or are with one")
                .tag("group", Topics.SAMPLERS)
                .register(metrics);
    }

    /** Asks until {@code stop} says so. */
    void run(String bootstrapServers, Duration interval, CancellationToken stop) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            do {
                ask(admin);
            } while (!stop.isCancelledWithin(interval));
        }
    }

    /** When the broker answered last. */
    Instant answeredAt() {
        return answeredAt;
    }

    /** Jobs that wait or run; NaN before the broker answered. */
    double value() {
        return lag;
    }

    private void ask(Admin admin) throws InterruptedException {
        try {
            var partitions = admin
                    .listShareGroupOffsets(Map.of(Topics.SAMPLERS, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(Topics.SAMPLERS)
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .stream()
                    .filter(Objects::nonNull)
                    .toList();
            // Until a sampler has joined the group knows of no partition, and the jobs wait all the same.
            lag = partitions.isEmpty()
                    ? states.open()
                    : partitions.stream()
                            .mapToLong(offsets -> offsets.lag().orElse(0L))
                            .sum();
            answeredAt = Instant.now();
        } catch (ExecutionException e) {
            LOG.warnf("The lag of %s is not known: %s", Topics.SAMPLERS, e.getCause());
        } catch (TimeoutException e) {
            LOG.warnf("The lag of %s is not known: no answer in %d s", Topics.SAMPLERS, TIMEOUT_SECONDS);
        }
    }
}
