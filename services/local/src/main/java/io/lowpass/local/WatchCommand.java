package io.lowpass.local;

import io.lowpass.cli.Terminal;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Completed;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the past and future events of a job, on any broker. */
@Command(
        name = "watch",
        description = "Follows a job: prints its past events, then new ones.",
        mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Parameters(paramLabel = "JOB", description = "id of the job")
    private String jobId;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "addresses of the broker (default: ${DEFAULT-VALUE})",
            defaultValue = "127.0.0.1:9092")
    private String bootstrap;

    @Option(names = "--json", description = "print only the events, as lines of JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        JobEventView view = json ? new JsonView(out) : new TextView(out, Terminal.width());
        try (JobEvents events = new JobEvents(bootstrap, jobId, true)) {
            List<JobEvent> batch = events.past();
            long start = System.nanoTime();
            boolean known = !batch.isEmpty();
            if (!known && !json) {
                out.println("nothing is known of job " + jobId + " at " + bootstrap + " yet; waiting "
                        + PATIENCE.toSeconds() + " s for it");
                out.flush();
            }
            while (true) {
                OptionalInt end = show(batch, view);
                if (end.isPresent()) {
                    return end.getAsInt();
                }
                known = known || !batch.isEmpty();
                if (!known && System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IllegalStateException(
                            "no job " + jobId + " is known at " + bootstrap + "; --bootstrap names another broker");
                }
                batch = events.next();
            }
        }
    }

    /** Prints events up to the end of the job; returns the exit code at the end. */
    private static OptionalInt show(List<JobEvent> batch, JobEventView view) {
        for (JobEvent event : batch) {
            view.show(event);
            if (event.isTerminal()) {
                return OptionalInt.of(
                        event instanceof Completed ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE);
            }
        }
        return OptionalInt.empty();
    }
}
