package io.lowpass.lab.evaluate;

import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.cli.LiveLine;
import io.lowpass.cli.Terminal;
import io.lowpass.lab.evaluate.figures.Figures;
import io.lowpass.lab.options.Contender;
import io.lowpass.lab.options.Prompts;
import io.lowpass.lab.options.VideoOptions;
import io.lowpass.lab.options.VideoSettings;
import io.lowpass.tensor.TorchThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lowpass evaluate}: a paired comparison of policies with confidence intervals. */
@Command(
        name = "evaluate",
        description = "Compares caching policies over many prompts and seeds, and writes report.html and report.json.",
        footer = "Run again with the same options, it resumes where it was interrupted.",
        modelTransformer = VideoOptions.Added.class,
        mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Callable<Integer> {

    private static final double NANOS_PER_MINUTE = 6e10;

    @Mixin
    private VideoOptions options = new VideoOptions();

    @Mixin
    private FigureOptions figureOptions = new FigureOptions();

    @Option(
            names = "--policies",
            paramLabel = "P,P,...",
            description = "short forms such as precise:turbo, fixed:25, steps:25@unipc; without it, --suite paper")
    private Optional<String> policies = Optional.empty();

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            description = "paper: everything for the paper's tables and the Pareto front; brief: half of it")
    private Optional<String> suite = Optional.empty();

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description = "file with one prompt per line (default: the included prompts)")
    private Optional<Path> prompts = Optional.empty();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "2",
            description = "number of seeds per prompt (${DEFAULT-VALUE})")
    private int seeds;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "the first seed (${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "frame rate of exported videos, which some models are conditioned on (default: the model's)")
    private Optional<Integer> fps = Optional.empty();

    @Option(
            names = "--reference-steps",
            paramLabel = "N",
            defaultValue = "200",
            description = "steps of the finer uncached reference; 0 for none (${DEFAULT-VALUE})")
    private int referenceSteps;

    @Option(names = "--lpips", paramLabel = "FILE", description = "weights for LPIPS; without them it is not measured")
    private Optional<Path> lpips = Optional.empty();

    @Option(
            names = "--export-vbench",
            paramLabel = "DIR",
            description = "also write the videos in the layout of VBench to this folder")
    private Optional<Path> vbench = Optional.empty();

    @Option(
            names = "--sheets",
            paramLabel = "N",
            defaultValue = "2",
            description = "number of pairs of prompt and seed with a contact sheet (${DEFAULT-VALUE})")
    private int sheets;

    @Option(
            names = "--time-budget",
            paramLabel = "MINUTES",
            description = "do not start prompts that would exceed this time; run again to continue")
    private Optional<Double> budget = Optional.empty();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "folder for runs and report")
    private @Nullable Path out;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandSpec command = Objects.requireNonNull(spec);
        LiveLine line = new LiveLine(command.commandLine().getOut(), Terminal.width());
        Evaluation evaluation;
        Figures figures;
        long start = System.nanoTime();
        try {
            figureOptions.check();
            EvaluateSettings settings = settings();
            figures = figureOptions.open(settings);
            new TorchThreads(settings.conditions().threads()).prepare();
            evaluation = new Evaluation(settings, line);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(command.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        try (evaluation) {
            evaluation.field().left().forEach(left -> line.print("left out: " + left.name() + ": " + left.reason()));
            evaluation.field().warnings().forEach(line::print);
            evaluation.run();
            evaluation.measure(figures, () -> isTimeLeft(start));
            line.print("Wrote " + evaluation.report(figures));
        }
        return 0;
    }

    private boolean isTimeLeft(long start) {
        double minutes = (System.nanoTime() - start) / NANOS_PER_MINUTE;
        return budget.filter(most -> minutes >= most).isEmpty();
    }

    private EvaluateSettings settings() throws IOException {
        VideoOptions.require(seeds >= 1, "--seeds", seeds, "at least 1");
        VideoOptions.require(referenceSteps >= 0, "--reference-steps", referenceSteps, "at least 0");
        VideoOptions.require(sheets >= 0, "--sheets", sheets, "at least 0");
        VideoOptions.require(
                budget.filter(minutes -> !(minutes > 0)).isEmpty(), "--time-budget", budget.orElse(0.0), "above 0");
        Path model = options.model();
        VideoSettings video = options.video(fps);
        return new EvaluateSettings(
                model,
                Objects.requireNonNull(out),
                conditions(model, video),
                video.given(),
                wanted(),
                suite.isEmpty() && policies.isPresent(),
                options.precision(),
                lpips,
                vbench,
                sheets,
                budget.map(minutes -> Duration.ofMillis(Math.round(minutes * 60_000))));
    }

    private EvaluationConditions conditions(Path model, VideoSettings video) throws IOException {
        List<String> texts = Prompts.read(prompts);
        VideoOptions.require(!texts.isEmpty(), "--prompts", prompts, "a file with at least one prompt");
        VideoOptions.require(
                texts.stream().distinct().count() == texts.size(),
                "--prompts",
                prompts,
                "a file without duplicate prompts");
        return new EvaluationConditions(
                String.valueOf(model.toAbsolutePath().normalize().getFileName()),
                ModelCachePolicies.fingerprint(model),
                texts,
                LongStream.range(seed, seed + seeds).boxed().toList(),
                video.size(),
                video.frames(),
                video.fps(),
                video.steps(),
                video.guidance(),
                video.scheduler(),
                video.shift(),
                options.precision().label(),
                referenceSteps,
                options.threads(),
                lpips.isPresent(),
                video.guidanceScale2(),
                options.images().stream().map(Digest::of).toList());
    }

    private Suite wanted() throws IOException {
        List<String> named = policies.map(Contender::split).orElse(List.of());
        return suite.isEmpty() && policies.isPresent()
                ? Suite.of(named)
                : Suite.named(suite.orElse(Suite.PAPER)).and(named);
    }
}
