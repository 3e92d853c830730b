package io.lowpass.models.hunyuan;

import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineFamily;
import io.lowpass.models.pipeline.VideoModel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** HunyuanVideo text-to-video, as diffusers saves it. */
public final class HunyuanFamily implements PipelineFamily {

    private static final String PIPELINE = "HunyuanVideoPipeline";

    /** What the pipeline must have, and the classes that are understood. */
    private static final Map<String, List<String>> COMPONENTS = Map.of(
            "tokenizer",
            List.of("LlamaTokenizerFast", "LlamaTokenizer", "PreTrainedTokenizerFast", "TokenizersBackend"),
            "tokenizer_2",
            List.of("CLIPTokenizer", "CLIPTokenizerFast", "PreTrainedTokenizerFast", "TokenizersBackend"),
            "text_encoder",
            List.of("LlamaModel"),
            "text_encoder_2",
            List.of("CLIPTextModel"),
            "transformer",
            List.of("HunyuanVideoTransformer3DModel"),
            "vae",
            List.of("AutoencoderKLHunyuanVideo"),
            "scheduler",
            List.of("FlowMatchEulerDiscreteScheduler"));

    @Override
    public String name() {
        return PIPELINE;
    }

    @Override
    public VideoModel open(Path folder) {
        DiffusersFolder files = DiffusersFolder.open(folder, COMPONENTS);
        Map<String, Object> scheduler = new HashMap<>(files.schedulerConfig());
        // The pipeline hands its own levels to the scheduler.
        scheduler.put(FlowMatchEuler.EVEN, true);
        scheduler.values().removeIf(Objects::isNull);
        return new HunyuanModel(files, HunyuanLimits.of(files), Map.copyOf(scheduler));
    }
}
