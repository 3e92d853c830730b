package io.lowpass.lab.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Size;
import io.lowpass.lab.options.VideoSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What all runs of an evaluation have in common: runs made under others are never put together with them.
 *
 * @param model name of the folder
 * @param fingerprint of its weights
 * @param seeds of each prompt
 * @param steps of the runs that are compared, and of their uncached reference
 * @param scheduler as requests name it
 * @param shift of the noise schedule
 * @param referenceSteps of the finer uncached run; 0 for none
 * @param threads of the engine
 * @param lpips whether it is measured
 * @param guidance2 scale of the second of two experts, where it has its own
 * @param images checksums of the frames that are given, where some are
 */
record EvaluationConditions(
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
        boolean lpips,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) OptionalDouble guidance2,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> images) {

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

    /** The video that is made, without the frames that are given. */
    VideoSettings video() {
        return new VideoSettings(size, frames, fps, steps, guidance, scheduler, shift, guidance2, Optional.empty());
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
