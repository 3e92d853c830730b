package io.lowpass.models.wan;

import ai.djl.Device;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.ImageEncoder;
import io.lowpass.models.pipeline.PipelineDefaults;
import io.lowpass.models.pipeline.StoredBlocks;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.T5PromptEncoder;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.models.vision.ClipImageProcessor;
import io.lowpass.models.vision.ClipVisionEncoder;
import io.lowpass.models.wan.vae.WanVae;
import io.lowpass.tensor.Opening;
import io.lowpass.tensor.Precision;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A folder of Wan 2.1 or 2.2.
 *
 * @param boundary share of the training times below which the second of two experts predicts, where there are two
 */
record WanModel(DiffusersFolder folder, WanLimits limits, Map<String, Object> schedulerConfig, OptionalDouble boundary)
        implements VideoModel {

    private static final String IMAGE = "image";
    private static final String LAST_IMAGE = "lastImage";

    private static final int TRAIN_TIMES = 1000;
    private static final String FIRST = "transformer";
    private static final String SECOND = "transformer_2";

    WanModel {
        if (boundary.isPresent() && !WanConfig.of(folder.config(SECOND)).equals(limits.transformer())) {
            throw new IllegalArgumentException(
                    SECOND + ": its settings differ from those of " + FIRST + ", allowed are the same");
        }
    }

    /** {@inheritDoc} Models of two experts are those of Wan 2.2. */
    @Override
    public PipelineDefaults defaults() {
        PipelineDefaults first = PipelineDefaults.of(new VideoSpec(480, 832, 81, 16, 5), 50, schedulerConfig);
        return (boundary.isEmpty() ? first : ofExperts(first)).in(folder.path());
    }

    private PipelineDefaults ofExperts(PipelineDefaults first) {
        return limits.fromImage()
                ? first.guided(40, 3.5, 3.5)
                : first.guided(40, 4, 3).sized(720, 1280);
    }

    @Override
    public TransformerCost cost(int promptRows) {
        return limits.transformer().cost(promptRows + limits.imageRows());
    }

    @Override
    public PromptEncoder openPrompts(Device device, Precision precision) {
        return T5PromptEncoder.open(
                folder.component("tokenizer"),
                folder.component("text_encoder"),
                WanLimits.PROMPT_LENGTH,
                false,
                device,
                precision);
    }

    @Override
    public VideoTransformer openTransformer(Device device, Precision precision) {
        if (boundary.isEmpty()) {
            return WanTransformer.load(folder.component(FIRST), precision, device);
        }
        // Opened in the middle of a generation: its files are found wrong now, not then.
        WanTransformer.load(folder.component(SECOND), precision, device).close();
        return new WanExperts(
                boundary.getAsDouble() * trainTimes(),
                number -> WanTransformer.load(folder.component(number == 0 ? FIRST : SECOND), precision, device));
    }

    private double trainTimes() {
        return schedulerConfig.get("num_train_timesteps") instanceof Number times ? times.doubleValue() : TRAIN_TIMES;
    }

    /** {@inheritDoc} A last image where the model looks at two, or where it looks at none and only starts from them. */
    @Override
    public Set<String> ownFields() {
        Set<String> fields = new HashSet<>(VideoModel.super.ownFields());
        if (boundary.isPresent()) {
            fields.add("guidanceScale2");
        }
        if (limits.fromImage()) {
            fields.add(IMAGE);
        }
        if (limits.fromImage()
                && (limits.transformer().leadsBetweenImages() || limits.vision().isEmpty())) {
            fields.add(LAST_IMAGE);
        }
        return fields;
    }

    @Override
    public Set<String> neededFields() {
        if (!limits.fromImage()) {
            return Set.of();
        }
        return limits.transformer().leadsBetweenImages() ? Set.of(IMAGE, LAST_IMAGE) : Set.of(IMAGE);
    }

    @Override
    public Optional<ImageEncoder> openImages(Device device, Precision precision) {
        if (!limits.fromImage()) {
            return Optional.empty();
        }
        try (Opening opening = new Opening()) {
            WanVae vae = WanVae.open(folder.component("vae"), device, precision);
            opening.opened(vae::close);
            return opening.done(Optional.of(new WanImages(limits.transformer(), vae, vision(device, precision))));
        }
    }

    private Optional<WanImages.Vision> vision(Device device, Precision precision) {
        return limits.vision().map(settings -> {
            ClipImageProcessor processor = ClipImageProcessor.read(folder.component("image_processor"));
            if (processor.height() != settings.side() || processor.width() != settings.side()) {
                throw new IllegalArgumentException("image_processor: crop_size is " + processor.height() + "x"
                        + processor.width() + ", allowed is the image_encoder's image_size: " + settings.side());
            }
            return new WanImages.Vision(
                    processor, ClipVisionEncoder.open(folder.component("image_encoder"), device, precision));
        });
    }

    @Override
    public VideoVae openVae(Device device, Precision precision) {
        return WanVae.open(folder.component("vae"), device, precision);
    }

    @Override
    public List<StoredBlocks> storedBlocks() {
        StoredBlocks first =
                new StoredBlocks(folder.component(FIRST), limits.transformer().blockNames());
        return boundary.isEmpty()
                ? List.of(first)
                : List.of(first, new StoredBlocks(folder.component(SECOND), first.prefixes()));
    }
}
