package io.lowpass.lab.bench;

import io.lowpass.cli.FiguresFile;
import io.lowpass.lab.options.Contender;
import io.lowpass.lab.options.Prompts;
import io.lowpass.lab.options.VideoOptions;
import io.lowpass.lab.options.VideoSettings;
import io.lowpass.tensor.TorchThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lowpass bench}: compares policies, interleaved in one process. */
@Command(
        name = "bench",
        description = "Compares caching policies: time, work, memory and fidelity, interleaved in one process.",
        modelTransformer = VideoOptions.Added.class,
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {

    private static final String UNCACHED = "none";
    private static final String PRECISE = "none,precise:base,precise:turbo,precise:flash";

    @Mixin
    private VideoOptions options = new VideoOptions();

    @Option(
            names = "--policies",
            paramLabel = "P,P,...",
            description = "short forms such as none, precise:turbo, fixed:25, steps:25@unipc" + " (default: " + PRECISE
                    + " and fixed:N with half of the steps)")
    private Optional<String> policies = Optional.empty();

    @Option(
            names = "--prompts",
            paramLabel = "N",
            defaultValue = "4",
            description = "number of prompts (${DEFAULT-VALUE})")
    private int prompts;

    @Option(
            names = "--prompt-file",
            paramLabel = "FILE",
            description = "file with one prompt per line (default: the included prompts)")
    private Optional<Path> promptFile = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "seed of the first prompt; each further one has the next (${DEFAULT-VALUE})")
    private long seed;

    @Mixin
    private FiguresFile figures = new FiguresFile();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        BenchSettings settings;
        try {
            settings = settings();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(command().commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        PrintWriter out = command().commandLine().getOut();
        out.println(settings.model().getFileName() + ": " + settings.video().described());
        out.flush();
        new TorchThreads(settings.threads()).prepare();
        List<PolicyResult> results;
        try (Benchmark benchmark = new Benchmark(settings)) {
            Map<String, List<VideoRun>> runs = benchmark.run(run -> BenchTable.progress(out, run));
            List<VideoRun> uncached = Objects.requireNonNull(runs.get(UNCACHED));
            results = runs.values().stream()
                    .map(ofPolicy -> PolicyResult.of(ofPolicy, uncached))
                    .toList();
        }
        BenchTable.print(out, results);
        figures.write(() -> report(settings, results));
        return 0;
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec);
    }

    private BenchSettings settings() throws IOException {
        Path folder = options.model();
        VideoOptions.require(prompts >= 1, "--prompts", prompts, "at least 1");
        List<String> texts = Prompts.read(promptFile);
        VideoOptions.require(
                prompts <= texts.size(), "--prompts", prompts, "at most " + texts.size() + ", as many as there are");
        VideoSettings video = options.video(Optional.empty());
        String wanted = policies.orElse(PRECISE + ",fixed:" + Math.max(1, video.steps() / 2));
        List<String> contenders = Stream.concat(Stream.of(UNCACHED), Contender.split(wanted).stream())
                .distinct()
                .toList();
        contenders.forEach(text -> Contender.of(text, video.steps()));
        return new BenchSettings(
                folder, contenders, texts.subList(0, prompts), video, options.precision(), options.threads(), seed);
    }

    private static Map<String, Object> report(BenchSettings settings, List<PolicyResult> results) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("model", String.valueOf(settings.model().getFileName()));
        report.put("dtype", settings.precision().label());
        report.put("threads", settings.threads());
        report.put("size", settings.video().size().toString());
        report.put("frames", settings.video().frames());
        report.put("steps", settings.video().steps());
        report.put("guidance", settings.video().guidance());
        report.put("scheduler", settings.video().scheduler().toLowerCase(Locale.ROOT));
        report.put("prompts", settings.prompts());
        report.put("seed", settings.seed());
        report.put("policies", results);
        return report;
    }
}
