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
 * The lag of the samplers' share group: jobs that wait for a sampler or are being sampled. Samplers are scaled by it.
 * It also shows whether the broker responds.
 */
@ApplicationScoped
public class ShareGroupLag implements BackgroundLoop {

    private static final Logger LOG = Logger.getLogger(ShareGroupLag.class);
    private static final int TIMEOUT_SECONDS = 10;

    private final JobViews states;
    private final Duration interval;
    private volatile double lag = Double.NaN;
    private volatile Instant answeredAt = Instant.EPOCH;

    ShareGroupLag(JobViews states, IngestionSettings settings, MeterRegistry metrics) {
        this.states = states;
        this.interval = settings.lagInterval();
        Gauge.builder("lowpass.share.group.lag", () -> lag)
                .description("Jobs that wait for a sampler or are being sampled")
                .tag("group", Topics.SAMPLERS)
                .register(metrics);
    }

    @Override
    public String name() {
        return "ingestion-lag";
    }

    /** It tells whether the broker answers, from the first moment on. */
    @Override
    public boolean needsJobs() {
        return false;
    }

    @Override
    public void run(String bootstrapServers, CancellationToken stop) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            do {
                ask(admin);
            } while (!stop.isCancelledWithin(interval));
        }
    }

    /** Time of the broker's last response. */
    Instant answeredAt() {
        return answeredAt;
    }

    /** The number of jobs; NaN before the first response. */
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
            // Before the first sampler joins, the group has no partitions, although jobs may wait.
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
