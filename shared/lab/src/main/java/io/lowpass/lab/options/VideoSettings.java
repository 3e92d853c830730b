package io.lowpass.lab.options;

import io.lowpass.caching.settings.profiles.SamplingConditions;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.generation.VideoPlan;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * The video of all contenders of a comparison.
 *
 * @param steps denoising steps, unless a contender has its own
 * @param scheduler name of the scheduler, unless a contender has its own
 * @param shift shift of the noise schedule
 * @param guidanceScale2 guidance scale of the second of two experts, if it differs
 * @param given images that every video starts or ends with, for image-to-video models
 */
public record VideoSettings(
        Size size,
        int frames,
        int fps,
        int steps,
        double guidance,
        String scheduler,
        double shift,
        OptionalDouble guidanceScale2,
        Optional<GivenFrames> given) {

    /** A copy with given images. */
    public VideoSettings with(Optional<GivenFrames> images) {
        return new VideoSettings(size, frames, fps, steps, guidance, scheduler, shift, guidanceScale2, images);
    }

    /**
     * The plan of a contender for a prompt.
     *
     * @param policies creates policies for the model
     * @param schedulerConfig the scheduler configuration of the model
     * @param warnings receives a warning if a profile was made under different conditions
     * @throws IllegalArgumentException with every setting of the contender that cannot be used
     */
    public VideoPlan plan(
            Contender contender,
            Prompt prompt,
            PolicyReader policies,
            Map<String, ?> schedulerConfig,
            Precision precision,
            Consumer<String> warnings) {
        String solver = contender.scheduler().orElse(scheduler);
        SamplingConditions conditions = new SamplingConditions(contender.steps(), solver, shift, precision.label());
        CachePolicy policy = policies.read(contender.cache(), conditions, warnings);
        return plan(prompt, contender.steps(), scheduler(solver, schedulerConfig), policy);
    }

    /**
     * The plan of a policy for a prompt, with the steps and scheduler of the comparison.
     *
     * @param schedulerConfig the scheduler configuration of the model
     * @throws IllegalArgumentException if the scheduler does not fit the model
     */
    public VideoPlan plan(Prompt prompt, CachePolicy policy, Map<String, ?> schedulerConfig) {
        return plan(prompt, steps, scheduler(scheduler, schedulerConfig), policy);
    }

    private Scheduler scheduler(String solver, Map<String, ?> schedulerConfig) {
        return Schedulers.resolve(Optional.of(solver), OptionalDouble.of(shift), schedulerConfig);
    }

    private VideoPlan plan(Prompt prompt, int count, Scheduler solver, CachePolicy policy) {
        VideoSpec spec = new VideoSpec(size.height(), size.width(), frames, fps, guidance);
        return new VideoPlan(
                prompt.text(),
                "",
                prompt.seed(),
                guidanceScale2.isPresent() ? spec.withGuidanceScale2(guidanceScale2.getAsDouble()) : spec,
                count,
                solver,
                policy,
                given);
    }

    /** A description of the settings. */
    public String described() {
        String later = guidanceScale2.isPresent() ? ", then " + number(guidanceScale2.getAsDouble()) : "";
        return size + ", " + frames + " frames, " + steps + " steps of " + scheduler + ", guidance " + number(guidance)
                + later + ", shift " + number(shift);
    }

    private static String number(double value) {
        return String.valueOf(value).replaceFirst("\\.0$", "");
    }

    /** A prompt and the seed of its noise. */
    public record Prompt(String text, long seed) {}
}
