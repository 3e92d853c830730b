package io.lowpass.encoder;

import io.lowpass.streaming.Ending;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;

/** Metrics of the encoder. */
public final class EncoderMetrics {

    private final MeterRegistry registry;

    public EncoderMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void frames(int frames) {
        registry.counter("lowpass.encoder.frames").increment(frames);
    }

    void bytes(long bytes) {
        registry.counter("lowpass.encoder.bytes").increment((double) bytes);
    }

    /** Records the time of one latent frame in a stage: decode, encode, publish. */
    void stage(String stage, Duration time) {
        registry.timer("lowpass.encoder.stage.duration", "stage", stage).record(time);
    }

    /** Counts a progress event as sent or lost; nothing waits for it. */
    void progress(boolean sent) {
        registry.counter("lowpass.encoder.progress.events", "sent", Boolean.toString(sent))
                .increment();
    }

    void ended(Ending ending) {
        registry.counter("lowpass.encoder.jobs", "outcome", ending.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
