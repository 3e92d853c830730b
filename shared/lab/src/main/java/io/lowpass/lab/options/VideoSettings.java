package io.lowpass.lab.options;

import io.lowpass.caching.settings.profiles.Conditions;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.generation.VideoPlan;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * The video that all contenders of a comparison make.
 *
 * @param steps denoising steps, where a contender has none of its own
 * @param scheduler name of one that suits the model, likewise
 * @param shift of the noise schedule
 * @param laterGuidance scale of the second of two experts, where it has its own
 * @param given frames that every video has, where the model starts from some
 */
public record VideoSettings(
        Size size,
        int frames,
        int fps,
        int steps,
        double guidance,
        String scheduler,
        double shift,
        OptionalDouble laterGuidance,
        Optional<GivenFrames> given) {

    /** The same with the frames that are given. */
    public VideoSettings with(Optional<GivenFrames> images) {
        return new VideoSettings(size, frames, fps, steps, guidance, scheduler, shift, laterGuidance, images);
    }

    /**
     * What a contender does for a prompt.
     *
     * @param policies of the model
     * @param schedulerConfig the model's
     * @param warnings told where a profile of the model was made under other conditions
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
        Conditions conditions = new Conditions(contender.steps(), solver, shift, precision.label());
        CachePolicy policy = policies.read(contender.cache(), conditions, warnings);
        return plan(prompt, contender.steps(), scheduler(solver, schedulerConfig), policy);
    }

    /**
     * What a policy does for a prompt, with the steps and scheduler of the comparison.
     *
     * @param schedulerConfig the model's
     * @throws IllegalArgumentException if the scheduler does not suit the model
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
                laterGuidance.isPresent() ? spec.withLaterGuidance(laterGuidance.getAsDouble()) : spec,
                count,
                solver,
                policy,
                given);
    }

    /** In words. */
    public String described() {
        String later = laterGuidance.isPresent() ? ", then " + number(laterGuidance.getAsDouble()) : "";
        return size + ", " + frames + " frames, " + steps + " steps of " + scheduler + ", guidance " + number(guidance)
                + later + ", shift " + number(shift);
    }

    private static String number(double value) {
        return String.valueOf(value).replaceFirst("\\.0$", "");
    }

    /** A prompt and the seed of its noise. */
    public record Prompt(String text, long seed) {}
}
