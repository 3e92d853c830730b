package io.lowpass.lab.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.lowpass.lab.verify.CaseResult.Status;
import io.lowpass.tensor.TorchThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lowpass verify DIR}: verifies this build against reference cases. */
@Command(
        name = "verify",
        description = "Verifies this build against reference cases and prints the error of each.",
        mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "DIR",
            description = "folder of cases; each case is a folder with case.json and its tensors")
    private Path directory = Path.of(".");

    @Option(names = "--json", paramLabel = "FILE", description = "also write the results to this file")
    private @Nullable Path report;

    @Option(names = "--threads", paramLabel = "N", description = "threads of the engine (default: one per core)")
    private Optional<Integer> threads = Optional.empty();

    @Spec
    private @Nullable CommandSpec spec;

    private final ObjectMapper json =
            new ObjectMapper().registerModule(new Jdk8Module()).enable(SerializationFeature.INDENT_OUTPUT);

    @Override
    public Integer call() throws IOException {
        CommandSpec command = java.util.Objects.requireNonNull(spec);
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(command.commandLine(), "DIR '" + directory + "' is not a folder");
        }
        PrintWriter out = command.commandLine().getOut();
        int used = threads.orElseGet(() -> TorchThreads.ofMachine().intraOp());
        if (used < 1) {
            throw new ParameterException(command.commandLine(), "--threads is '" + used + "', allowed is 1 or more");
        }
        new TorchThreads(used).prepare();
        Checks checks = new Checks(json);
        List<CaseResult> results =
                new Verification(checks.components(), checks.manifests()).run(directory, result -> print(out, result));
        VerifyReport summary = VerifyReport.of(results);
        out.printf(
                Locale.ROOT,
                "%n%d passed, %d failed, %d unsupported%n",
                summary.passed(),
                summary.failed(),
                summary.unsupported());
        out.flush();
        if (report != null) {
            json.writeValue(report.toFile(), summary);
        }
        return summary.failed() == 0 ? 0 : 1;
    }

    private static void print(PrintWriter out, CaseResult result) {
        String error = result.error()
                .map(value -> String.format(Locale.ROOT, "%.2e", value))
                .orElse("");
        String detail = Optional.of(result)
                .filter(it -> it.status() != Status.PASSED)
                .flatMap(CaseResult::reason)
                .or(result::tensor)
                .orElse("");
        out.printf(
                Locale.ROOT,
                "%-12s %-44s %-14s %9s  %s%n",
                result.status().name().toLowerCase(Locale.ROOT),
                result.name(),
                result.component(),
                error,
                detail);
        out.flush();
    }
}
