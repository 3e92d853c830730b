package io.lowpass.lab.calibrate;

import io.lowpass.caching.settings.profiles.CacheProfile;
import io.lowpass.caching.settings.profiles.CacheProfiles;
import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.lab.calibrate.Target.Goal;
import io.lowpass.lab.options.VideoOptions;
import io.lowpass.lab.options.VideoSettings.Prompt;
import io.lowpass.tensor.TorchThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code lowpass calibrate}: fits constants and thresholds of caching methods to a model, and writes them to its
 * folder.
 */
@Command(
        name = "calibrate",
        description = "Fits constants and thresholds of caching methods to a model and writes them for the sampler.",
        modelTransformer = VideoOptions.Added.class,
        mixinStandardHelpOptions = true)
public final class CalibrateCommand implements Callable<Integer> {

    @Mixin
    private final VideoOptions options = new VideoOptions();

    @Option(
            names = "--methods",
            paramLabel = "M,M,...",
            split = ",",
            defaultValue = "teacache,magcache",
            description = "teacache and magcache need constants; with a target also dbcache, easycache, firstblock,"
                    + " precise, seacache (default: ${DEFAULT-VALUE})")
    private List<String> methods = List.of();

    @Option(
            names = "--target-speedup",
            paramLabel = "X",
            description = "choose the threshold at which a video takes X times fewer multiply-adds")
    private Optional<Double> speedup = Optional.empty();

    @Option(
            names = "--target-psnr",
            paramLabel = "DB",
            description = "choose the largest threshold at which videos stay this close to the uncached ones")
    private Optional<Double> psnr = Optional.empty();

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description = "file with one prompt per line (default: the included prompts)")
    private Optional<Path> promptFile = Optional.empty();

    @Option(
            names = "--evaluation-prompts",
            paramLabel = "FILE",
            description = "file with further prompts reserved for evaluation, in addition to the included ones")
    private Optional<Path> evaluationPrompts = Optional.empty();

    @Option(names = "--take", paramLabel = "N", description = "use only the first N prompts (default: all)")
    private Optional<Integer> take = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1000",
            description = "seed of the first prompt; each further one has the next (${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "file for the profiles; those of other methods and conditions are kept"
                    + " (default: cache-profiles.json in the model's folder)")
    private Optional<Path> out = Optional.empty();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter terminal = command().commandLine().getOut();
        CalibrationSettings settings;
        CacheProfiles before;
        try {
            settings = settings();
            before = existing(settings.model());
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(command().commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        new TorchThreads(options.threads()).prepare();
        List<CacheProfile> made;
        try (Calibration calibration = new Calibration(settings, line -> {
            terminal.println(line);
            terminal.flush();
        })) {
            made = calibration.run();
        }
        Path file = file(settings.model());
        before.with(made).write(file);
        terminal.println();
        made.forEach(profile -> terminal.println(summary(profile)));
        terminal.println("written to " + file);
        terminal.flush();
        return 0;
    }

    private static String summary(CacheProfile profile) {
        Map<String, Object> calibration = profile.calibration();
        return Stream.of(
                        Optional.of(profile.method()),
                        Optional.ofNullable(profile.options().get("signal")),
                        Optional.ofNullable(calibration.get("fit")).map(fit -> "fit " + fit),
                        Optional.ofNullable(calibration.get("reached")).map(trial -> "threshold " + trial))
                .flatMap(Optional::stream)
                .map(String::valueOf)
                .collect(Collectors.joining("  "));
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec);
    }

    private Path file(Path model) {
        return out.orElseGet(() -> model.resolve(CacheProfiles.FILE_NAME));
    }

    /** The existing profiles of the file, so that calibrating one method keeps the others. */
    private CacheProfiles existing(Path model) {
        Path file = file(model);
        String fingerprint = ModelCachePolicies.fingerprint(model);
        if (!Files.exists(file)) {
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
            VideoOptions.require(Files.isWritable(folder), "--out", file, "a file in a folder that can be written");
            return new CacheProfiles(fingerprint, List.of());
        }
        CacheProfiles before = CacheProfiles.read(file);
        VideoOptions.require(
                before.fingerprint().equals(fingerprint), "--out", file, "a new file, or one of this model's profiles");
        return before;
    }

    private CalibrationSettings settings() throws IOException {
        Optional<Target> target = target();
        for (String method : methods) {
            VideoOptions.require(
                    Calibration.methods().contains(method),
                    "--methods",
                    method,
                    "one of " + String.join(", ", Calibration.methods()));
            VideoOptions.require(
                    target.isPresent() || Calibration.hasConstants(method),
                    "--methods",
                    method,
                    "with --target-speedup or --target-psnr: only its threshold can be fitted");
        }
        List<String> texts = CalibrationPrompts.read(promptFile, evaluationPrompts);
        int taken = take.orElse(texts.size());
        VideoOptions.require(taken >= 1 && taken <= texts.size(), "--take", taken, "1 to " + texts.size());
        List<Prompt> prompts = IntStream.range(0, taken)
                .mapToObj(i -> new Prompt(texts.get(i), seed + i))
                .toList();
        return new CalibrationSettings(
                options.model(), methods, target, prompts, options.video(Optional.empty()), options.precision());
    }

    private Optional<Target> target() {
        VideoOptions.require(
                speedup.isEmpty() || psnr.isEmpty(),
                "--target-psnr",
                psnr.orElse(0.0),
                "only without --target-speedup");
        return Stream.concat(
                        speedup.map(value -> new Target(Goal.SPEEDUP, value)).stream(),
                        psnr.map(value -> new Target(Goal.PSNR, value)).stream())
                .findFirst();
    }
}
