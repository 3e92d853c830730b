package io.lowpass.local.evaluate;

import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Size;
import io.lowpass.local.pipeline.VideoSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What all runs of an evaluation have in common: runs made under others are never put together with them.
 *
 * @param model name of the folder
 * @param fingerprint of its weights
 * @param seeds of each prompt
 * @param steps of the runs that are compared, and of their uncached reference
 * @param scheduler euler, unipc or dpm++
 * @param shift of the noise schedule
 * @param referenceSteps of the finer uncached run; 0 for none
 * @param threads of the engine
 * @param lpips whether it is measured
 */
record Conditions(
        String model,
        String fingerprint,
        List<String> prompts,
        List<Long> seeds,
        Size size,
        int frames,
        int fps,
        int steps,
        double guidance,
        String scheduler,
        double shift,
        String dtype,
        int referenceSteps,
        int threads,
        boolean lpips) {

    /**
     * A prompt with a seed: what runs are paired by.
     *
     * @param prompt its place among the prompts, from 0
     */
    record Pair(int prompt, String text, long seed) {

        String name() {
            return String.format(Locale.ROOT, "p%02d-s%d", prompt + 1, seed);
        }
    }

    /** Every pair; all prompts come before the next seed, so that a shorter evaluation still has many prompts. */
    List<Pair> pairs() {
        return seeds.stream()
                .flatMap(seed -> IntStream.range(0, prompts.size()).mapToObj(i -> new Pair(i, prompts.get(i), seed)))
                .toList();
    }

    /** The video that is made. */
    VideoSettings video() {
        return new VideoSettings(size, frames, fps, steps, guidance, scheduler, shift);
    }

    /** A name for these conditions. */
    String digest() {
        return Digest.of(EventJson.text(this));
    }

    /** The name of the finer uncached run, where there is one. */
    Optional<String> reference() {
        return referenceSteps == 0 ? Optional.empty() : Optional.of("steps:" + referenceSteps);
    }
}
