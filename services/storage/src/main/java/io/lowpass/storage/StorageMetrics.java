package io.lowpass.storage;

import io.lowpass.streaming.Ending;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;

/** Metrics of the storage service. */
public final class StorageMetrics {

    private final MeterRegistry registry;

    public StorageMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void bytes(long bytes) {
        registry.counter("lowpass.storage.bytes").increment((double) bytes);
    }

    void retry() {
        registry.counter("lowpass.storage.retries").increment();
    }

    /** Records the upload time of a video. */
    void uploaded(Duration time) {
        registry.timer("lowpass.storage.stage.duration", "stage", "upload").record(time);
    }

    void ended(Ending ending) {
        registry.counter("lowpass.storage.jobs", "outcome", ending.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
