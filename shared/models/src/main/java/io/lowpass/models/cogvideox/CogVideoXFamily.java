package io.lowpass.models.cogvideox;

import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineFamily;
import io.lowpass.models.pipeline.VideoModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** CogVideoX text-to-video, versions 1.0 and 1.5, as diffusers saves it. */
public final class CogVideoXFamily implements PipelineFamily {

    private static final String PIPELINE = "CogVideoXPipeline";

    /** What the pipeline must have, and the classes that are understood. */
    private static final Map<String, List<String>> COMPONENTS = Map.of(
            "tokenizer",
            List.of("T5Tokenizer", "T5TokenizerFast", "TokenizersBackend", "PreTrainedTokenizerFast"),
            "text_encoder",
            List.of("T5EncoderModel"),
            "transformer",
            List.of("CogVideoXTransformer3DModel"),
            "vae",
            List.of("AutoencoderKLCogVideoX"),
            "scheduler",
            List.of("CogVideoXDDIMScheduler", "CogVideoXDPMScheduler"));

    @Override
    public String name() {
        return PIPELINE;
    }

    @Override
    public VideoModel open(Path folder) {
        DiffusersFolder files = DiffusersFolder.open(folder, COMPONENTS);
        return new CogVideoXModel(files, CogVideoXLimits.of(files), files.schedulerConfig());
    }
}
