package io.lowpass.local.pipeline;

import io.lowpass.contracts.Size;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that make videos without the services. */
public final class VideoOptions {

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "a diffusers folder")
    private @Nullable Path model;

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

    /**
     * The model's folder.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Path model() {
        Path folder = Objects.requireNonNull(model);
        require(Files.isDirectory(folder), "--model", folder, "a folder");
        return folder;
    }

    /**
     * The video.
     *
     * @param fps frames per second, which a model may be told
     * @throws IllegalArgumentException naming the option that cannot be used
     */
    public VideoSettings video(int fps) {
        require(steps >= 1 && steps <= 1000, "--steps", steps, "1 to 1000");
        return new VideoSettings(Size.of(size), frames, fps, steps, guidance, scheduler, shift);
    }

    /** In what the model computes. */
    public Precision precision() {
        return Precision.of(dtype);
    }

    /** Threads of the engine. */
    public int threads() {
        int used = threads.orElseGet(() -> TorchThreads.ofMachine().intraOp());
        require(used >= 1, "--threads", used, "at least 1");
        return used;
    }

    /**
     * Refuses the value of an option.
     *
     * @param allowed what it may be
     * @throws IllegalArgumentException if it is not fine
     */
    public static void require(boolean fine, String option, Object value, String allowed) {
        if (!fine) {
            throw new IllegalArgumentException(option + " is '" + value + "', allowed is " + allowed);
        }
    }
}
