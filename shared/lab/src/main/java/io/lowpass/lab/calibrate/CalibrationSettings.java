package io.lowpass.lab.calibrate;

import io.lowpass.caching.settings.profiles.Conditions;
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
 * @param methods as requests name them
 * @param target what thresholds are chosen for; without one, none is
 */
record CalibrationSettings(
        Path model,
        List<String> methods,
        Optional<Target> target,
        List<Prompt> prompts,
        VideoSettings video,
        Precision precision) {

    Conditions conditions() {
        return new Conditions(video.steps(), video.scheduler(), video.shift(), precision.label());
    }
}
