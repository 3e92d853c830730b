package io.lowpass.local.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.lowpass.contracts.Size;
import io.lowpass.local.options.Contender;
import io.lowpass.local.pipeline.VideoSettings;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lowpass bench}: policies against each other, interleaved in one process. */
@Command(
        name = "bench",
        description = "Compares caching policies: time, work, memory and fidelity, interleaved in one process.",
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {

    private static final String UNCACHED = "none";
    // Frames are compared, not played; a model that is told a rate is told this one.
    private static final int FPS = 16;

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "a diffusers folder")
    private @Nullable Path model;

    @Option(
            names = "--policies",
            paramLabel = "P,P,...",
            defaultValue = "none,precise:base,precise:turbo,precise:flash,fixed:25",
            description =
                    "short forms such as none, precise:turbo, fixed:25, steps:25@unipc (default: ${DEFAULT-VALUE})")
    private String policies = "";

    @Option(names = "--prompts", paramLabel = "N", defaultValue = "4", description = "how many (${DEFAULT-VALUE})")
    private int prompts;

    @Option(names = "--prompt-file", paramLabel = "FILE", description = "one prompt a line (default: those that ship)")
    private Optional<Path> promptFile = Optional.empty();

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "50",
            description = "denoising steps (${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--size", paramLabel = "WxH", defaultValue = "128x128", description = "pixels (${DEFAULT-VALUE})")
    private String size = "";

    @Option(
            names = "--frames",
            paramLabel = "N",
            defaultValue = "17",
            description = "frames, 4n + 1 (${DEFAULT-VALUE})")
    private int frames;

    @Option(names = "--guidance", paramLabel = "X", defaultValue = "5", description = "(${DEFAULT-VALUE})")
    private double guidance;

    @Option(names = "--scheduler", defaultValue = "euler", description = "euler, unipc or dpm++ (${DEFAULT-VALUE})")
    private String scheduler = "";

    @Option(names = "--shift", paramLabel = "X", defaultValue = "3", description = "of the schedule (${DEFAULT-VALUE})")
    private double shift;

    @Option(names = "--dtype", defaultValue = "f32", description = "f32 or bf16 (${DEFAULT-VALUE})")
    private String dtype = "";

    @Option(names = "--threads", paramLabel = "N", description = "of the engine (default: the machine's)")
    private Optional<Integer> threads = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "of the first prompt (${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the figures there")
    private Optional<Path> report = Optional.empty();

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
        if (report.isPresent()) {
            write(report.get(), settings, results);
        }
        return 0;
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec);
    }

    private BenchSettings settings() throws IOException {
        Path folder = Objects.requireNonNull(model);
        require(Files.isDirectory(folder), "--model", folder, "a folder");
        require(prompts >= 1, "--prompts", prompts, "at least 1");
        require(steps >= 1 && steps <= 1000, "--steps", steps, "1 to 1000");
        List<String> texts = promptTexts();
        require(prompts <= texts.size(), "--prompts", prompts, "at most " + texts.size() + ", as many as there are");
        int used = threads.orElseGet(() -> TorchThreads.ofMachine().intraOp());
        require(used >= 1, "--threads", used, "at least 1");
        return new BenchSettings(
                folder,
                Stream.concat(Stream.of(UNCACHED), Contender.split(policies).stream())
                        .distinct()
                        .toList(),
                texts.subList(0, prompts),
                new VideoSettings(Size.of(size), frames, FPS, steps, guidance, scheduler, shift),
                Precision.of(dtype),
                used,
                seed);
    }

    private static void require(boolean fine, String option, Object value, String allowed) {
        if (!fine) {
            throw new IllegalArgumentException(option + " is '" + value + "', allowed is " + allowed);
        }
    }

    private List<String> promptTexts() throws IOException {
        List<String> lines =
                promptFile.isPresent() ? Files.readAllLines(promptFile.get()) : BenchTable.shippedPrompts();
        return lines.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static void write(Path file, BenchSettings settings, List<PolicyResult> results) throws IOException {
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
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), report);
    }
}
