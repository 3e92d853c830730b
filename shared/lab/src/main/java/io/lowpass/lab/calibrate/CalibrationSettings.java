package io.lowpass.lab.calibrate;

import io.lowpass.caching.settings.profiles.SamplingConditions;
import io.lowpass.lab.options.VideoSettings;
import io.lowpass.lab.options.VideoSettings.Prompt;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is fitted, and on what.
 *
 * @param model a diffusers folder
 * @param methods names of the methods in requests
 * @param target the target for thresholds; without one, thresholds are not fitted
 */
record CalibrationSettings(
        Path model,
        List<String> methods,
        Optional<Target> target,
        List<Prompt> prompts,
        VideoSettings video,
        Precision precision) {

    SamplingConditions conditions() {
        return new SamplingConditions(video.steps(), video.scheduler(), video.shift(), precision.label());
    }
}
