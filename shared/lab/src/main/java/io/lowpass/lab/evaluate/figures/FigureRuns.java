package io.lowpass.lab.evaluate.figures;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.generation.VideoPipeline;
import io.lowpass.lab.options.VideoSettings;
import io.lowpass.lab.options.VideoSettings.Prompt;
import io.lowpass.lab.quality.VideoFidelity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Makes the runs for the figures, prompt by prompt. */
final class FigureRuns {

    private final VideoPipeline pipeline;
    private final FigureSettings settings;
    private final String conditions;
    private final Consumer<String> progress;

    FigureRuns(VideoPipeline pipeline, FigureSettings settings, String conditions, Consumer<String> progress) {
        this.pipeline = pipeline;
        this.settings = settings;
        this.conditions = conditions;
        this.progress = progress;
    }

    /** All measurements of one prompt. */
    PromptFigures measure(Prompt prompt) {
        try (NDManager owner = NDManager.newBaseManager("PyTorch");
                VideoFidelity fidelity = new VideoFidelity()) {
            PathRecorder recorder = new PathRecorder(owner, resolutions());
            progress.accept("figures: recording '" + prompt.text() + "'");
            NDArray frames = generate(owner, prompt, recorder);
            List<Influence> influences = new ArrayList<>();
            for (int step : settings.reused()) {
                progress.accept(String.format(
                        Locale.ROOT, "figures: '%s', reuse at step %d of %d", prompt.text(), step, steps() - 1));
                influences.add(new Influence(
                        step,
                        influence(prompt, recorder, step, Band.WHOLE, frames, fidelity),
                        influence(prompt, recorder, step, Band.LOW, frames, fidelity),
                        influence(prompt, recorder, step, Band.HIGH, frames, fidelity)));
            }
            return new PromptFigures(
                    conditions,
                    prompt.text(),
                    prompt.seed(),
                    recorder.sigmas(),
                    recorder.distances(),
                    recorder.probes(),
                    recorder.blocks(),
                    influences);
        }
    }

    private double influence(
            Prompt prompt, PathRecorder recorder, int step, Band band, NDArray frames, VideoFidelity fidelity) {
        try (NDManager owner = NDManager.newBaseManager("PyTorch")) {
            NDArray changed = generate(owner, prompt, new SingleReuse(recorder.predictions(), step, band));
            return fidelity.meanSquaredError(changed, frames);
        }
    }

    private NDArray generate(NDManager owner, Prompt prompt, CachePolicy policy) {
        return pipeline.generate(
                        owner,
                        settings.video().plan(prompt, policy, pipeline.schedulerConfig()),
                        ProgressListener.SILENT)
                .frames();
    }

    private int steps() {
        return settings.video().steps();
    }

    /** The sizes at which at least one patch of the latents is left. */
    private List<Resolution> resolutions() {
        VideoSettings video = settings.video();
        Shape latents = pipeline.model()
                .limits()
                .latents(video.size().height(), video.size().width(), video.frames());
        List<Integer> patch = pipeline.latents().transformer().patch();
        return Resolution.OF_TABLE_3.stream()
                .filter(resolution -> resolution.fits(latents, patch))
                .toList();
    }
}
