package io.lowpass.lab.evaluate;

import io.lowpass.lab.options.VideoSettings;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What is evaluated, and what is made of it.
 *
 * @param out where runs, pictures and the report lie
 * @param given frames that every video has, where the model starts from some
 * @param strict whether a policy that does not fit the model is an error, rather than left out
 * @param lpips weights of LPIPS
 * @param vbench where videos for VBench go
 * @param sheets pairs that get a contact sheet
 * @param budget after which no further pair is begun
 */
record EvaluateSettings(
        Path model,
        Path out,
        EvaluationConditions conditions,
        Optional<GivenFrames> given,
        Suite suite,
        boolean strict,
        Precision precision,
        Optional<Path> lpips,
        Optional<Path> vbench,
        int sheets,
        Optional<Duration> budget) {

    /** The video that is made. */
    VideoSettings video() {
        return conditions.video().with(given);
    }
}
