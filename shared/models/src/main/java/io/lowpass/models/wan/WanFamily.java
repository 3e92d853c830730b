package io.lowpass.models.wan;

import io.lowpass.models.ComponentConfig;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineFamily;
import io.lowpass.models.pipeline.VideoModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Wan 2.1, and Wan 2.2 with its two experts, as diffusers saves them.
 *
 * @param name class of the pipeline
 * @param fromImage whether it makes videos that start from an image
 */
public record WanFamily(String name, boolean fromImage) implements PipelineFamily {

    /** Videos from a prompt alone. */
    public static final WanFamily TEXT_TO_VIDEO = new WanFamily("WanPipeline", false);

    /** Videos that start from an image. */
    public static final WanFamily IMAGE_TO_VIDEO = new WanFamily("WanImageToVideoPipeline", true);

    private static final String BOUNDARY = "boundary_ratio";
    private static final List<String> TRANSFORMER = List.of("WanTransformer3DModel");

    /** What every pipeline must have, and the classes that are understood. */
    private static final Map<String, List<String>> COMPONENTS = Map.of(
            "tokenizer",
            List.of("T5TokenizerFast", "T5Tokenizer", "TokenizersBackend", "PreTrainedTokenizerFast"),
            "text_encoder",
            List.of("UMT5EncoderModel"),
            "transformer",
            TRANSFORMER,
            "vae",
            List.of("AutoencoderKLWan"),
            "scheduler",
            List.of("FlowMatchEulerDiscreteScheduler", "UniPCMultistepScheduler", "DPMSolverMultistepScheduler"));

    /** What Wan 2.1 looks at an image with; Wan 2.2 has no use for it. */
    private static final Map<String, List<String>> VISION = Map.of(
            "image_encoder",
            List.of("CLIPVisionModel", "CLIPVisionModelWithProjection"),
            "image_processor",
            List.of("CLIPImageProcessor", "CLIPImageProcessorFast", "CLIPImageProcessorPil"));

    @Override
    public VideoModel open(Path folder) {
        // One timestep for all tokens; the first frame's tokens have another one in Wan 2.2 5B.
        ComponentConfig index = DiffusersFolder.index(folder).requireOneOf("expand_timesteps", "false", "null");
        OptionalDouble boundary = boundary(index);
        Map<String, List<String>> wanted = new HashMap<>(COMPONENTS);
        if (boundary.isPresent()) {
            wanted.put("transformer_2", TRANSFORMER);
        }
        if (fromImage && looksAtImages(folder.resolve("transformer"))) {
            wanted.putAll(VISION);
        }
        DiffusersFolder files = DiffusersFolder.open(folder, wanted);
        return new WanModel(files, WanLimits.of(files, fromImage), files.schedulerConfig(), boundary);
    }

    private static boolean looksAtImages(Path transformer) {
        return Files.isDirectory(transformer)
                && ComponentConfig.read(transformer).has("image_dim");
    }

    private static OptionalDouble boundary(ComponentConfig index) {
        if (!index.has(BOUNDARY)) {
            return OptionalDouble.empty();
        }
        double ratio = index.number(BOUNDARY);
        if (!(ratio > 0 && ratio < 1)) {
            throw index.refused(BOUNDARY, "null or a number between 0 and 1");
        }
        return OptionalDouble.of(ratio);
    }
}
