package io.lowpass.trials.endurance;

import io.lowpass.cli.FiguresFile;
import io.lowpass.trials.processes.JavaApp;
import io.lowpass.trials.processes.Server;
import io.lowpass.trials.processes.ServiceClient;
import io.lowpass.trials.processes.ServiceClient.Answer;
import io.lowpass.trials.processes.TemporaryDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lowpass endure}: runs many short jobs through one process, and checks that it does not grow. */
@Command(
        name = "endure",
        description =
                "Sends many short jobs through one process with all services, reads each one's events and video, and"
                        + " tells what memory, threads and handles the process has after the first 20 and later.",
        mixinStandardHelpOptions = true)
public final class EnduranceCommand implements Callable<Integer> {

    /** Number of jobs before the first measurement: by then everything that is opened once is open. */
    private static final int WARM_UP = 20;

    private static final Duration LONGEST_START = Duration.ofMinutes(4);
    private static final int LOOKS = 6;
    private static final int AT_A_TIME = 3;
    private static final int HEAP = 512;
    private static final double MEBI = 1 << 20;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "number of jobs, more than 20 (default: ${DEFAULT-VALUE})",
            defaultValue = "500")
    private int jobs;

    @Mixin
    private FiguresFile figures = new FiguresFile();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        if (jobs <= WARM_UP) {
            throw new ParameterException(command, "--jobs " + jobs + " is not allowed: more than " + WARM_UP);
        }
        PrintWriter out = command.getOut();
        out.printf(
                Locale.ROOT,
                "%6s %12s %8s %11s %8s %8s%n",
                "jobs",
                "resident MiB",
                "heap MiB",
                "classes MiB",
                "threads",
                "handles");
        List<Footprint> looks = new ArrayList<>();
        try (TemporaryDirectory directory = TemporaryDirectory.create("lowpass-endure")) {
            ServiceClient client = ServiceClient.onFreePorts();
            try (Server server = new Server("serve", serve(client, directory.path()), directory.path())) {
                Runtime.getRuntime().addShutdownHook(new Thread(server::close, "endure-stop"));
                server.start();
                run(server, client, look -> {
                    looks.add(look);
                    print(out, look);
                });
            }
        }
        figures.write(() -> Map.of("jobs", jobs, "looks", looks));
        return CommandLine.ExitCode.OK;
    }

    private static JavaApp serve(ServiceClient client, Path data) {
        Path root = Path.of(System.getProperty("lowpass.root", "")).toAbsolutePath();
        return JavaApp.command(
                        root,
                        HEAP,
                        "serve",
                        "--data",
                        data.resolve("data").toString(),
                        "--http-port",
                        String.valueOf(client.port()),
                        "--management-port",
                        String.valueOf(client.management()),
                        "--kafka-port",
                        "0",
                        "--s3-port",
                        "0",
                        "--threads",
                        "1")
                .withWholeHeap();
    }

    private static void print(PrintWriter out, Footprint look) {
        out.printf(
                Locale.ROOT,
                "%6d %12.0f %8.1f %11.1f %8d %8d%n",
                look.jobs(),
                look.resident() / MEBI,
                look.heap() / MEBI,
                look.classes() / MEBI,
                look.threads(),
                look.handles());
        out.flush();
    }

    /** Sends all jobs, a few at a time, and measures after the first ones and at even intervals. */
    private void run(Server server, ServiceClient client, Consumer<Footprint> tell) throws InterruptedException {
        long start = System.nanoTime();
        while (!client.isReady()) {
            if (System.nanoTime() - start > LONGEST_START.toNanos()) {
                throw new IllegalStateException("serve is not ready after " + LONGEST_START + ": "
                        + client.health("ready").text());
            }
            server.exit().ifPresent(code -> {
                throw new IllegalStateException("serve ended with code " + code);
            });
            Thread.sleep(500);
        }
        Deque<String> open = new ArrayDeque<>();
        int sent = 0;
        for (int done = 1; done <= jobs; done++) {
            while (sent < jobs && open.size() < AT_A_TIME) {
                open.add(send(client, sent++));
            }
            finish(client, open.remove());
            if (isLook(done)) {
                tell.accept(Footprint.of(server.pid(), done));
            }
        }
    }

    private boolean isLook(int done) {
        int distance = Math.max(1, jobs / (LOOKS - 1));
        boolean between = done > WARM_UP && done % distance == 0 && jobs - done >= distance / 2;
        return done == WARM_UP || done == jobs || between;
    }

    private static String send(ServiceClient client, int number) throws InterruptedException {
        Answer answer = client.post(
                "/jobs",
                "{\"prompt\": \"a red ball, " + number
                        + "\", \"size\": \"64x48\", \"numFrames\": 5, \"steps\": 2, \"seed\": 1}");
        if (answer.status() != 202) {
            throw new IllegalStateException("a request was answered " + answer.status() + ": " + answer.text());
        }
        return answer.json().path("jobId").asText();
    }

    /** Reads the events to the job's end, and the video. */
    private static void finish(ServiceClient client, String job) throws InterruptedException {
        String state = "";
        while (!state.equals("completed")) {
            client.get("/jobs/" + job + "/events");
            state = client.get("/jobs/" + job).json().path("state").asText();
            if (state.equals("failed") || state.equals("cancelled")) {
                throw new IllegalStateException("job " + job + " is " + state);
            }
        }
        Answer video = client.get("/videos/" + job);
        if (video.status() != 200 || video.body().length == 0) {
            throw new IllegalStateException("the video of job " + job + " was answered " + video.status());
        }
    }
}
