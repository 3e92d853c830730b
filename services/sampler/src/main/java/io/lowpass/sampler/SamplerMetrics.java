package io.lowpass.sampler;

import io.lowpass.diffusion.steps.StepReport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/** Metrics of the sampler. */
public final class SamplerMetrics {

    private final MeterRegistry registry;

    public SamplerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts the outcome of an attempt. */
    void job(String outcome) {
        registry.counter("lowpass.sampler.jobs", "outcome", outcome).increment();
    }

    /** Counts a job that waits for an external condition; one that yields and is delivered again counts again. */
    void waits() {
        registry.counter("lowpass.sampler.waits").increment();
    }

    void step(StepReport report) {
        String decision = report.decision().action().name().toLowerCase(Locale.ROOT);
        registry.counter("lowpass.sampler.steps", "decision", decision).increment();
        Timer.builder("lowpass.sampler.step.duration")
                .tag("decision", decision)
                .publishPercentileHistogram()
                .register(registry)
                .record(report.elapsed());
    }

    void modelLoaded(String model, Duration time) {
        registry.timer("lowpass.sampler.model.load", "model", model).record(time);
    }
}
