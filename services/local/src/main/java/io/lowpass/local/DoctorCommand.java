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

/** What is wrong with a broker for which the services say that they are not ready, and mends what is safe to mend. */
@Command(
        name = "doctor",
        description =
                "Tells what a broker's topics, share group and clock lack for the services; --mend puts right what"
                        + " is safe to. Ends with 0 if nothing is left.",
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
            description = "makes topics that are missing and sets what is set wrongly; partitions and features of the"
                    + " broker are left as they are")
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
                out.println("topics, share group and clock are as they should be at " + bootstrap);
            }
            out.flush();
            return left.isEmpty() && clock.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static void print(List<Difference> differences, PrintWriter out) {
        differences.forEach(difference ->
                out.println(difference.text() + (difference.isMendable() ? " (--mend can put it right)" : "")));
    }

    private static List<Difference> mended(TopicCheck check, PrintWriter out) {
        List<Difference> left = check.mend();
        out.println(left.isEmpty() ? "mended" : "mended what is safe to mend; left:");
        left.forEach(difference -> out.println(difference.text()));
        return left;
    }
}
