package io.lowpass.models.families;

import io.lowpass.models.cogvideox.CogVideoXFamily;
import io.lowpass.models.hunyuan.HunyuanFamily;
import io.lowpass.models.opensora.OpenSoraFamily;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineFamily;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.wan.WanFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the family of a folder. */
public final class Families {

    private static final List<PipelineFamily> ALL = List.of(
            new CogVideoXFamily(),
            new HunyuanFamily(),
            new OpenSoraFamily(),
            WanFamily.TEXT_TO_VIDEO,
            WanFamily.IMAGE_TO_VIDEO);

    private Families() {}

    /** Whether a folder is of a family that there is. */
    public static boolean recognise(Path folder) {
        return ALL.stream().anyMatch(family -> family.recognises(folder));
    }

    /**
     * Reads the settings of a folder of any family.
     *
     * @throws IllegalArgumentException if no family recognises the folder, or its own finds fault with it
     */
    public static VideoModel open(Path folder) {
        return ALL.stream()
                .filter(family -> family.recognises(folder))
                .findFirst()
                .orElseThrow(() -> unknown(folder))
                .open(folder);
    }

    private static IllegalArgumentException unknown(Path folder) {
        Path index = folder.resolve("model_index.json");
        return Files.exists(index)
                ? DiffusersFolder.unknown(
                        folder, ALL.stream().map(PipelineFamily::name).toList())
                : new IllegalArgumentException(index + " does not exist: a model folder has it, or holds the parts of"
                        + " Open-Sora 1.2 in transformer, vae and text_encoder, whose configurations name them");
    }
}
