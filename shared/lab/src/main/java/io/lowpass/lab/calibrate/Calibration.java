package io.lowpass.lab.calibrate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.caching.settings.profiles.CacheProfile;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.generation.GeneratedVideo;
import io.lowpass.generation.VideoPipeline;
import io.lowpass.lab.options.VideoSettings;
import io.lowpass.lab.options.VideoSettings.Prompt;
import io.lowpass.lab.quality.VideoFidelity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs the model on prompts, and fits methods to the recorded values. */
final class Calibration implements AutoCloseable {

    /** The threshold option of each method. */
    private static final Map<String, String> THRESHOLDS = Map.of(
            "precise", "alpha",
            "teacache", "threshold",
            "magcache", "threshold",
            "easycache", "threshold",
            "firstblock", "threshold",
            "dbcache", "threshold",
            "seacache", "threshold");

    private final CalibrationSettings settings;
    private final VideoPipeline pipeline;
    private final Consumer<String> progress;
    private final VideoFidelity fidelity = new VideoFidelity();
    private final NDManager memory = NDManager.newBaseManager("PyTorch");
    private final List<Uncached> uncached = new ArrayList<>();

    /** The uncached run of a prompt, which others are compared with. */
    private record Uncached(Prompt prompt, NDArray frames, double macs) {}

    /**
     * Opens the model.
     *
     * @param progress receives one line per run
     */
    Calibration(CalibrationSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        this.pipeline = VideoPipeline.open(settings.model(), settings.precision());
    }

    /** The methods that can be fitted. */
    static List<String> methods() {
        return THRESHOLDS.keySet().stream().sorted().toList();
    }

    /** Whether a method requires constants of the model. */
    static boolean hasConstants(String method) {
        return method.equals("teacache") || method.equals("magcache");
    }

    /**
     * Fits all requested methods.
     *
     * @throws IllegalArgumentException if a method does not fit the model, or no threshold meets the target
     */
    List<CacheProfile> run() {
        boolean records = settings.methods().stream().anyMatch(Calibration::hasConstants);
        List<StepChange> changes = records ? record() : List.of();
        return settings.methods().stream()
                .flatMap(method -> constants(method, changes))
                .map(this::profile)
                .toList();
    }

    private static Stream<Constants> constants(String method, List<StepChange> changes) {
        return switch (method) {
            case "teacache" -> Constants.tea(changes).stream();
            case "magcache" -> Stream.of(Constants.mag(changes));
            default -> Stream.of(Constants.none(method));
        };
    }

    private List<StepChange> record() {
        StepRecorder recorder = new StepRecorder();
        for (Prompt prompt : settings.prompts()) {
            try (NDManager video = memory.newSubManager()) {
                double millis = generate(video, prompt, recorder).denoiseMs();
                progress.accept(String.format(Locale.ROOT, "recorded  '%s'  %.0f ms", prompt.text(), millis));
            }
        }
        if (recorder.changes().isEmpty()) {
            throw new IllegalArgumentException("steps " + settings.video().steps()
                    + " leave no two of one expert in a row, which constants are fitted to: allowed are more");
        }
        return recorder.changes();
    }

    private CacheProfile profile(Constants constants) {
        Map<String, Object> calibration = new LinkedHashMap<>();
        VideoSettings video = settings.video();
        calibration.put("size", video.size().toString());
        calibration.put("numFrames", video.frames());
        calibration.put("guidanceScale", video.guidance());
        calibration.put("prompts", settings.prompts().stream().map(Prompt::text).toList());
        calibration.put("seeds", settings.prompts().stream().map(Prompt::seed).toList());
        if (!constants.fit().isEmpty()) {
            calibration.put("fit", constants.fit());
        }
        Constants complete = constants;
        if (settings.target().isPresent()) {
            Trial best = threshold(constants, settings.target().get());
            complete = constants.with(option(constants.method()), best.threshold());
            calibration.put("target", settings.target().get());
            calibration.put("reached", best);
        }
        return new CacheProfile(complete.method(), complete.options(), settings.conditions(), calibration);
    }

    private Trial threshold(Constants constants, Target target) {
        if (uncached.isEmpty()) {
            settings.prompts().forEach(prompt -> uncached.add(uncached(prompt)));
        }
        return new ThresholdSearch(target, threshold -> trial(constants, threshold)).run();
    }

    private Uncached uncached(Prompt prompt) {
        GeneratedVideo video = generate(memory, prompt, CachePolicy.NONE);
        progress.accept(String.format(Locale.ROOT, "uncached  '%s'  %.0f ms", prompt.text(), video.denoiseMs()));
        return new Uncached(prompt, video.frames(), video.macs());
    }

    private Trial trial(Constants constants, double threshold) {
        Map<String, Object> options =
                constants.with(option(constants.method()), threshold).options();
        CachePolicy policy = CachePolicies.of(constants.method(), Optional.empty(), options);
        double macs = 0;
        double psnr = 0;
        for (Uncached full : uncached) {
            try (NDManager owner = memory.newSubManager()) {
                GeneratedVideo video = generate(owner, full.prompt(), policy);
                macs += video.macs();
                psnr += fidelity.psnr(video.frames(), full.frames()) / uncached.size();
            }
        }
        Trial trial = new Trial(
                threshold, uncached.stream().mapToDouble(Uncached::macs).sum() / macs, psnr);
        progress.accept(constants.method() + "  " + option(constants.method()) + " " + trial);
        return trial;
    }

    private GeneratedVideo generate(NDManager owner, Prompt prompt, CachePolicy policy) {
        return pipeline.generate(
                owner, settings.video().plan(prompt, policy, pipeline.schedulerConfig()), ProgressListener.SILENT);
    }

    private static String option(String method) {
        return Optional.ofNullable(THRESHOLDS.get(method)).orElseThrow();
    }

    @Override
    public void close() {
        memory.close();
        fidelity.close();
        pipeline.close();
    }
}
