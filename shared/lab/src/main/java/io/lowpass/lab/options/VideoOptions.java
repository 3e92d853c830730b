package io.lowpass.lab.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lowpass.cli.FieldOptions;
import io.lowpass.cli.ImageFile;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.RequestFields;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.fields.Fields;
import io.lowpass.fields.InvalidFieldsException;
import io.lowpass.fields.Problem;
import io.lowpass.fields.Problems;
import io.lowpass.fields.Violation;
import io.lowpass.generation.JobImages;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.PipelineDefaults;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of commands that generate videos without the services. Defaults are those of the model's pipeline. */
public final class VideoOptions {

    private static final String FIRST = "image";
    private static final String LAST = "lastImage";

    /** The fields of a request that these commands take. */
    private static final List<String> FIELDS = List.of(
            "steps", "size", "numFrames", "guidanceScale", "guidanceScale2", "scheduler", "flowShift", FIRST, LAST);

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "a model folder")
    private @Nullable Path model;

    @Option(names = "--dtype", defaultValue = "f32", description = "f32 or bf16 (${DEFAULT-VALUE})")
    private String dtype = "";

    @Option(names = "--threads", paramLabel = "N", description = "threads of the engine (default: one per core)")
    private Optional<Integer> threads = Optional.empty();

    /** Adds the options that set fields of a request to a command that mixes this in. */
    public static final class Added implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec command) {
            return FieldOptions.addTo(command, FIELDS);
        }
    }

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
     * @param fps frames per second, which some models are conditioned on; by default the model's
     * @throws IllegalArgumentException naming the option that cannot be used, or what the model cannot make
     */
    public VideoSettings video(Optional<Integer> fps) {
        VideoModel opened = Families.open(model());
        PipelineDefaults defaults = opened.defaults();
        Problems problems = new Problems();
        Fields fields = fields(problems);
        VideoSettings video = new VideoSettings(
                size(fields).orElseGet(() -> new Size(defaults.width(), defaults.height())),
                (int) RequestFields.integer(fields, "numFrames").orElse(defaults.frames()),
                fps.orElse(defaults.fps()),
                (int) RequestFields.integer(fields, "steps").orElse(defaults.steps()),
                RequestFields.number(fields, "guidanceScale").orElse(defaults.guidance()),
                fields.text("scheduler").orElse(defaults.scheduler()),
                RequestFields.number(fields, "flowShift").orElse(defaults.flowShift()),
                laterGuidance(fields, defaults),
                Optional.empty());
        requireUse(fields, opened);
        if (problems.any()) {
            throw new InvalidFieldsException(
                    "", problems.list().stream().map(VideoOptions::ofOption).toList());
        }
        require(video.fps() >= 1, "--fps", video.fps(), "at least 1");
        opened.limits().requireVideo(video.size().height(), video.size().width(), video.frames());
        Schedulers.resolve(Optional.of(video.scheduler()), OptionalDouble.of(video.shift()), opened.schedulerConfig());
        return video.with(image(FIRST)
                .map(file -> JobImages.decode(read(file), image(LAST).map(this::read))));
    }

    /** What the options say, as a request would; images as the names of their files. */
    private Fields fields(Problems problems) {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        given().forEach((field, text) -> values.set(field, FieldOptions.value(field, text)));
        return new Fields("", values, problems);
    }

    private Map<String, String> given() {
        return FieldOptions.given(Objects.requireNonNull(command), FIELDS);
    }

    /** The same problem of an option. */
    private static Problem ofOption(Problem problem) {
        String option = FieldOptions.names().getOrDefault(problem.field(), problem.field());
        return new Problem(problem.violation(), option, problem.value(), problem.allowed());
    }

    private static Optional<Size> size(Fields fields) {
        try {
            return fields.text("size").map(Size::of);
        } catch (IllegalArgumentException wrong) {
            fields.refuse(
                    Violation.FORM,
                    "size",
                    RequestFields.TABLE.get("size").rule().allowed());
            return Optional.empty();
        }
    }

    private static OptionalDouble laterGuidance(Fields fields, PipelineDefaults defaults) {
        OptionalDouble asked = RequestFields.number(fields, "guidanceScale2");
        boolean open = asked.isEmpty() && !fields.has("guidanceScale");
        return open ? defaults.guidanceScale2() : asked;
    }

    private static void requireUse(Fields fields, VideoModel opened) {
        for (String field : RequestFields.ofSomeModels()) {
            // The shift of a model that has no use for one is looked at by its scheduler.
            boolean useful = opened.ownFields().contains(field) || field.equals("flowShift");
            fields.require(useful || !fields.has(field), field, "none: the model does not support it");
        }
        boolean last = fields.has(LAST);
        boolean first = fields.has(FIRST);
        fields.require(first || !(last || opened.neededFields().contains(FIRST)), FIRST, "what videos start with");
        fields.require(last || !opened.neededFields().contains(LAST), LAST, "what videos end with");
    }

    private Optional<Path> image(String field) {
        Optional<Path> file = Optional.ofNullable(given().get(field)).map(Path::of);
        file.ifPresent(image -> require(
                Files.isReadable(image),
                FieldOptions.names().getOrDefault(field, field),
                image,
                "a file that can be read"));
        return file;
    }

    /** The images as requests hold them, in the order in which videos show them. */
    public List<String> images() {
        return Stream.concat(image(FIRST).stream(), image(LAST).stream())
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
     * Rejects the value of an option.
     *
     * @param allowed what is allowed
     * @throws IllegalArgumentException if the condition does not hold
     */
    public static void require(boolean fine, String option, Object value, String allowed) {
        if (!fine) {
            JsonNode shown = value instanceof Number number
                    ? EventJson.mapper().valueToTree(number)
                    : TextNode.valueOf(String.valueOf(value));
            throw new InvalidFieldsException("", List.of(new Problem(Violation.COMBINATION, option, shown, allowed)));
        }
    }
}
