package io.lowpass.local;

import io.lowpass.contracts.request.ModelCard.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options of the commands that start the stack. */
final class StackOptions {

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "directory for topics and videos (default: ${DEFAULT-VALUE})",
            defaultValue = "${sys:user.home}/.lowpass")
    private Path data;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "a model folder, or demo for the included model (default: ${DEFAULT-VALUE});"
                    + " serve accepts several --model options",
            defaultValue = Models.DEMO)
    private List<String> models;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "precision of weights and computation: f32, bf16 (default: ${DEFAULT-VALUE})",
            defaultValue = "f32")
    private String dtype;

    @Option(names = "--device", description = "device: cpu, or gpu:N (default: ${DEFAULT-VALUE})", defaultValue = "cpu")
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = "threads of the engine (default: one per core)")
    private Optional<Integer> threads;

    Path data() {
        return data.toAbsolutePath().normalize();
    }

    String dtype() {
        return oneOf("--dtype", dtype, "f32|bf16", "f32, bf16");
    }

    String device() {
        return oneOf("--device", device, Worker.DEVICE.pattern(), Worker.DEVICES);
    }

    OptionalInt threads() {
        threads.filter(count -> count < 1 || count > 1024).ifPresent(count -> {
            throw usage("--threads", String.valueOf(count), "1 to 1024");
        });
        return threads.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** The models, the first of which is the default. */
    Models models() {
        try {
            return Models.joined(models.stream().map(this::model).toList());
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--model: " + wrong.getMessage(), wrong);
        }
    }

    /** How services find and run a model. */
    Worker worker(Path folder) {
        return new Worker(
                folder.toString(),
                Optional.of(device()),
                Optional.of(device()),
                Optional.of(dtype()),
                Optional.empty(),
                threads(),
                Optional.empty(),
                OptionalLong.empty());
    }

    private Models model(String model) {
        if (model.equals(Models.DEMO)) {
            return Models.demo(existing(demoFolder()));
        }
        return Models.of(existing(Path.of(model).toAbsolutePath().normalize()));
    }

    private static Path demoFolder() {
        return Path.of(System.getProperty("lowpass.root", "")).toAbsolutePath().resolve("shared/demo-model");
    }

    private Path existing(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw usage("--model", folder.toString(), "a model folder that exists");
        }
        return folder;
    }

    private String oneOf(String option, String value, String pattern, String allowed) {
        if (!value.matches(pattern)) {
            throw usage(option, value, allowed);
        }
        return value;
    }

    private ParameterException usage(String option, String value, String allowed) {
        return new ParameterException(spec.commandLine(), option + " '" + value + "' is not allowed: " + allowed);
    }
}
