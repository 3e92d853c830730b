package io.lowpass.lab.options;

import io.lowpass.cli.ImageFile;
import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.generation.Pictures;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.OwnField;
import io.lowpass.models.pipeline.PipelineDefaults;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of commands that make videos without the services. What is not given is as the model's pipeline has it. */
public final class VideoOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "a model folder")
    private @Nullable Path model;

    @Option(names = "--steps", paramLabel = "N", description = "denoising steps (default: the model's)")
    private Optional<Integer> steps = Optional.empty();

    @Option(names = "--size", paramLabel = "WxH", description = "pixels (default: the model's)")
    private Optional<String> size = Optional.empty();

    @Option(names = "--frames", paramLabel = "N", description = "frames of a video (default: the model's)")
    private Optional<Integer> frames = Optional.empty();

    @Option(names = "--guidance", paramLabel = "X", description = "guidance scale (default: the model's)")
    private Optional<Double> guidance = Optional.empty();

    @Option(
            names = "--guidance-2",
            paramLabel = "X",
            description = "guidance scale of the second of two experts (default: as --guidance, or the model's)")
    private Optional<Double> laterGuidance = Optional.empty();

    @Option(
            names = "--scheduler",
            paramLabel = "NAME",
            description =
                    "one that suits the model: euler, unipc, dpm++; ddim, sde-dpm++; rflow (default: the model's)")
    private Optional<String> scheduler = Optional.empty();

    @Option(names = "--shift", paramLabel = "X", description = "of the schedule (default: the model's)")
    private Optional<Double> shift = Optional.empty();

    @Option(names = "--image", paramLabel = "FILE", description = "PNG or JPEG that every video starts with")
    private Optional<Path> image = Optional.empty();

    @Option(names = "--last-image", paramLabel = "FILE", description = "PNG or JPEG that every video ends with")
    private Optional<Path> lastImage = Optional.empty();

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
     * @param fps frames per second, which a model may be told; if not given, the model's
     * @throws IllegalArgumentException naming the option that cannot be used, or what the model cannot make
     */
    public VideoSettings video(Optional<Integer> fps) {
        VideoModel opened = Families.open(model());
        PipelineDefaults defaults = opened.defaults();
        VideoSettings video = new VideoSettings(
                size.map(Size::of).orElseGet(() -> new Size(defaults.width(), defaults.height())),
                frames.orElse(defaults.frames()),
                fps.orElse(defaults.fps()),
                steps.orElse(defaults.steps()),
                guidance.orElse(defaults.guidance()),
                scheduler.orElse(defaults.scheduler()),
                shift.orElse(defaults.flowShift()),
                laterGuidance(opened, defaults),
                given(opened));
        require(video.steps() >= 1 && video.steps() <= 1000, "--steps", video.steps(), "1 to 1000");
        require(video.fps() >= 1, "--fps", video.fps(), "at least 1");
        opened.limits().requireVideo(video.size().height(), video.size().width(), video.frames());
        Schedulers.resolve(Optional.of(video.scheduler()), OptionalDouble.of(video.shift()), opened.schedulerConfig());
        return video;
    }

    private OptionalDouble laterGuidance(VideoModel opened, PipelineDefaults defaults) {
        if (laterGuidance.isPresent()) {
            requireUse(opened, OwnField.LATER_GUIDANCE, "--guidance-2", laterGuidance.get());
            return OptionalDouble.of(laterGuidance.get());
        }
        return guidance.isPresent() ? OptionalDouble.empty() : defaults.laterGuidance();
    }

    private Optional<GivenFrames> given(VideoModel opened) {
        image.ifPresent(file -> requireUse(opened, OwnField.IMAGE, "--image", file));
        lastImage.ifPresent(file -> requireUse(opened, OwnField.LAST_IMAGE, "--last-image", file));
        boolean first = image.isPresent() || !opened.neededFields().contains(OwnField.IMAGE);
        require(first && (image.isPresent() || lastImage.isEmpty()), "--image", "none", "what videos start with");
        boolean last = lastImage.isPresent() || !opened.neededFields().contains(OwnField.LAST_IMAGE);
        require(last, "--last-image", "none", "what videos end with");
        return image.map(file -> Pictures.decode(read(file), lastImage.map(this::read)));
    }

    /** The images as requests hold them, in the order in which videos show them. */
    public List<String> images() {
        return Stream.concat(image.stream(), lastImage.stream())
                .map(file -> ImageFile.uri(file, notice -> {}))
                .toList();
    }

    private InlineImage read(Path file) {
        return InlineImage.of(ImageFile.uri(file, this::print));
    }

    private void print(String notice) {
        PrintWriter errors = Objects.requireNonNull(command).commandLine().getErr();
        errors.println(notice);
        errors.flush();
    }

    private static void requireUse(VideoModel opened, OwnField field, String option, Object value) {
        require(opened.ownFields().contains(field), option, value, "nothing: the model has no use for it");
        require(!(value instanceof Path file) || Files.isReadable(file), option, value, "a file that can be read");
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
