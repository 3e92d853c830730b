package io.lowpass.trials.chaos;

import io.lowpass.cli.FiguresFile;
import io.lowpass.cli.LiveLine;
import io.lowpass.cli.Terminal;
import io.lowpass.trials.processes.JavaApp;
import io.lowpass.trials.processes.TemporaryDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lowpass chaos}: kills, pauses and disconnects real processes while jobs run, and checks every job. */
@Command(
        name = ChaosCommand.NAME,
        description =
                "Runs jobs through services in separate processes while it kills, pauses and disconnects them, and"
                        + " checks the outcome of each job. The schedule follows from the seed.",
        mixinStandardHelpOptions = true,
        subcommands = {BrokerCommand.class, StoreCommand.class})
public final class ChaosCommand implements Callable<Integer> {

    static final String NAME = "chaos";

    private static final List<String> SERVICES =
            List.of(Deployment.INGESTION, Deployment.SAMPLER, Deployment.ENCODER, Deployment.STORAGE);

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "number of jobs (default: ${DEFAULT-VALUE})",
            defaultValue = "50")
    private int jobs;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "seed of the schedule (default: ${DEFAULT-VALUE})",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--faults",
            paramLabel = "KINDS",
            description = "all, none, or some of kill, stop, terminate, broker, store, network, disk, records, cancel,"
                    + " duplicates (default: ${DEFAULT-VALUE})",
            defaultValue = "all")
    private String faults;

    @Option(
            names = "--samplers",
            paramLabel = "N",
            description = "number of sampler processes (default: ${DEFAULT-VALUE})",
            defaultValue = "2")
    private int samplers;

    @Mixin
    private FiguresFile figures = new FiguresFile();

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "keep logs and topics in this directory; by default they are kept only if a check fails")
    private Optional<Path> keep = Optional.empty();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        require("--jobs", jobs, 1, 10_000);
        require("--samplers", samplers, 1, 8);
        Set<FaultKind> kinds = kinds();
        Path root = root();
        PrintWriter out = command.getOut();
        Path directory = keep.isPresent()
                ? Files.createDirectories(keep.get()).toAbsolutePath()
                : Files.createTempDirectory("lowpass-chaos");
        ChaosReport report = run(root, directory, kinds, new LiveLine(out, Terminal.width()));
        out.println();
        report.print(out);
        figures.write(report::figures);
        if (report.isClean() && keep.isEmpty()) {
            new TemporaryDirectory(directory).close();
        } else {
            out.println("logs   " + directory);
        }
        return report.isClean() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private ChaosReport run(Path root, Path directory, Set<FaultKind> kinds, LiveLine line)
            throws IOException, InterruptedException {
        try (LimitedDisk disk = LimitedDisk.at(directory.resolve("disk"));
                Deployment deployment = new Deployment(root, directory, samplers, disk)) {
            Thread onInterrupt = new Thread(() -> stop(deployment, disk), "chaos-stop");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            Schedule schedule = Schedule.of(seed, jobs, kinds, deployment.targets());
            Duration betweenLines = Duration.ofSeconds(Terminal.width().isPresent() ? 1 : 10);
            return new ChaosRun(deployment, schedule, new References(), line, betweenLines).run();
        }
    }

    private static void stop(Deployment deployment, LimitedDisk disk) {
        deployment.close();
        disk.close();
    }

    private Set<FaultKind> kinds() {
        try {
            return FaultKind.parse(faults);
        } catch (IllegalArgumentException wrong) {
            throw usage("--faults: " + wrong.getMessage());
        }
    }

    private void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw usage(option + " " + value + " is not allowed: " + least + " to " + most);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    /** The root of the project, whose services must be packaged. */
    private static Path root() {
        Path root = Path.of(System.getProperty("lowpass.root", "")).toAbsolutePath();
        for (String service : SERVICES) {
            Path jar = JavaApp.jar(root, service);
            if (!Files.exists(jar)) {
                throw new IllegalStateException(jar + " does not exist; deploy/lowpass chaos builds it");
            }
        }
        return root;
    }
}
