package io.lowpass.models.wan;

import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineFamily;
import io.lowpass.models.pipeline.VideoModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Wan 2.1 text-to-video, as diffusers saves it. */
public final class WanFamily implements PipelineFamily {

    private static final String PIPELINE = "WanPipeline";

    /** What the pipeline must have, and the classes that are understood. */
    private static final Map<String, List<String>> COMPONENTS = Map.of(
            "tokenizer",
            List.of("T5TokenizerFast", "T5Tokenizer", "TokenizersBackend", "PreTrainedTokenizerFast"),
            "text_encoder",
            List.of("UMT5EncoderModel"),
            "transformer",
            List.of("WanTransformer3DModel"),
            "vae",
            List.of("AutoencoderKLWan"),
            "scheduler",
            List.of("FlowMatchEulerDiscreteScheduler", "UniPCMultistepScheduler", "DPMSolverMultistepScheduler"));

    @Override
    public String name() {
        return PIPELINE;
    }

    @Override
    public boolean recognises(Path folder) {
        return DiffusersFolder.isOf(folder, PIPELINE);
    }

    @Override
    public VideoModel open(Path folder) {
        // One transformer for all noise levels, one timestep for all tokens: Wan 2.1.
        DiffusersFolder.index(folder)
                .requireOneOf("boundary_ratio", "null")
                .requireOneOf("expand_timesteps", "false", "null");
        DiffusersFolder files = DiffusersFolder.open(folder, COMPONENTS);
        return new WanModel(files, WanLimits.of(files), files.schedulerConfig());
    }
}
