package io.lowpass.local.pipeline;

import io.lowpass.caching.settings.profiles.Conditions;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Clip;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.local.options.Contender;
import io.lowpass.local.options.PolicyReader;
import io.lowpass.tensor.Precision;
import java.util.function.Consumer;

/**
 * The video that all contenders of a comparison make.
 *
 * @param steps denoising steps, where a contender has none of its own
 * @param scheduler euler, unipc or dpm++, likewise
 * @param shift of the noise schedule
 */
public record VideoSettings(
        Size size, int frames, int fps, int steps, double guidance, String scheduler, double shift) {

    /**
     * What a contender does for a prompt.
     *
     * @param policies of the model
     * @param warnings told where a profile of the model was made under other conditions
     * @throws IllegalArgumentException with every setting of the contender that cannot be used
     */
    public VideoPlan plan(
            Contender contender, Prompt prompt, PolicyReader policies, Precision precision, Consumer<String> warnings) {
        String solver = contender.scheduler().orElse(scheduler);
        Conditions conditions = new Conditions(contender.steps(), solver, shift, precision.label());
        return plan(prompt, contender.steps(), solver, policies.read(contender.cache(), conditions, warnings));
    }

    /** What a policy does for a prompt, with the steps and scheduler of the comparison. */
    public VideoPlan plan(Prompt prompt, CachePolicy policy) {
        return plan(prompt, steps, scheduler, policy);
    }

    private VideoPlan plan(Prompt prompt, int count, String solver, CachePolicy policy) {
        return new VideoPlan(
                prompt.text(),
                "",
                prompt.seed(),
                new Clip(size.height(), size.width(), frames, fps, guidance),
                count,
                Schedulers.named(solver, shift),
                policy);
    }

    /** A prompt and the seed of its noise. */
    public record Prompt(String text, long seed) {}
}
