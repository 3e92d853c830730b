package io.lowpass.local;

import io.lowpass.contracts.BrokerClock;
import io.lowpass.contracts.TopicCheck;
import io.lowpass.contracts.TopicCheck.Difference;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reports why services do not get ready with a broker, and fixes what is safe to fix. */
@Command(
        name = "doctor",
        description = "Checks a broker's topics, share group and clock; --mend fixes what is safe to fix."
                + " Exits with 0 if no problem remains.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    private static final int ANSWER_MS = 10_000;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "addresses of the broker (default: ${DEFAULT-VALUE})",
            defaultValue = "127.0.0.1:9092")
    private String bootstrap;

    @Option(
            names = "--mend",
            description = "creates missing topics and corrects settings; partitions and features of the"
                    + " broker are not changed")
    private boolean mend;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrap,
                "request.timeout.ms",
                ANSWER_MS,
                "default.api.timeout.ms",
                ANSWER_MS))) {
            TopicCheck check = new TopicCheck(admin);
            List<Difference> differences = check.differences();
            print(differences, out);
            Optional<String> clock = new BrokerClock(admin, Clock.systemUTC()).problem();
            clock.ifPresent(out::println);
            List<Difference> left = mend && !differences.isEmpty() ? mended(check, out) : differences;
            if (left.isEmpty() && clock.isEmpty()) {
                out.println("topics, share group and clock are correct at " + bootstrap);
            }
            out.flush();
            return left.isEmpty() && clock.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static void print(List<Difference> differences, PrintWriter out) {
        differences.forEach(
                difference -> out.println(difference.text() + (difference.isMendable() ? " (--mend fixes it)" : "")));
    }

    private static List<Difference> mended(TopicCheck check, PrintWriter out) {
        List<Difference> left = check.mend();
        out.println(left.isEmpty() ? "mended" : "fixed what is safe to fix; remaining:");
        left.forEach(difference -> out.println(difference.text()));
        return left;
    }
}
