package io.lowpass.lab.evaluate.figures;

import io.lowpass.lab.options.VideoSettings;
import io.lowpass.lab.options.VideoSettings.Prompt;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of the measurements.
 *
 * @param prompts each gets a curve of its own
 * @param stride distance of the steps whose reuse is measured: the expensive part, about one and a half videos for each
 *     such step
 */
public record FigureSettings(VideoSettings video, List<Prompt> prompts, int stride) {

    public FigureSettings {
        prompts = List.copyOf(prompts);
        if (stride < 1) {
            throw new IllegalArgumentException("figure stride " + stride + " is not at least 1");
        }
    }

    /** The steps at which a prediction is reused: from step 1, the last one always among them. */
    List<Integer> reused() {
        int last = video.steps() - 1;
        List<Integer> steps = new ArrayList<>();
        for (int step = 1; step < last; step += stride) {
            steps.add(step);
        }
        if (last >= 1) {
            steps.add(last);
        }
        return steps;
    }
}
