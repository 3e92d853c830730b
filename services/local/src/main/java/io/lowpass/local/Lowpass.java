package io.lowpass.local;

import io.lowpass.lab.bench.BenchCommand;
import io.lowpass.lab.calibrate.CalibrateCommand;
import io.lowpass.lab.cost.CostCommand;
import io.lowpass.lab.evaluate.EvaluateCommand;
import io.lowpass.lab.verify.VerifyCommand;
import io.lowpass.trials.chaos.ChaosCommand;
import io.lowpass.trials.endurance.EnduranceCommand;
import java.io.PrintWriter;
import org.jboss.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command with its sub-commands. */
@Command(
        name = "lowpass",
        description = "Generates videos from prompts, with four services over Kafka.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            GenerateCommand.class,
            ServeCommand.class,
            WatchCommand.class,
            DoctorCommand.class,
            VerifyCommand.class,
            BenchCommand.class,
            CalibrateCommand.class,
            EvaluateCommand.class,
            CostCommand.class,
            CatalogueCommand.class,
            ChaosCommand.class,
            EnduranceCommand.class
        })
public final class Lowpass implements Runnable {

    private static final Logger LOG = Logger.getLogger(Lowpass.class);

    @Spec
    private CommandSpec spec;

    /** The command line; errors are printed in one or two lines. */
    public static CommandLine commandLine() {
        return new CommandLine(new Lowpass())
                // A prompt may begin with an at sign.
                .setExpandAtFiles(false)
                .setExecutionExceptionHandler((error, command, result) -> explain(error, command))
                .setParameterExceptionHandler((error, arguments) -> explain(error));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    private static int explain(ParameterException error) {
        PrintWriter out = error.getCommandLine().getErr();
        String command = error.getCommandLine().getCommandSpec().qualifiedName();
        out.println(error.getMessage());
        out.println("See " + command + " --help.");
        out.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int explain(Exception error, CommandLine command) {
        LOG.debug("The command failed", error);
        PrintWriter out = command.getErr();
        out.println("lowpass " + command.getCommandName() + ": " + message(error));
        out.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String message(Throwable error) {
        Throwable cause = error.getCause();
        String own = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        return cause == null || own.contains(String.valueOf(cause.getMessage())) ? own : own + ": " + message(cause);
    }
}
