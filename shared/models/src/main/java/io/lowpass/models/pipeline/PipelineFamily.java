package io.lowpass.models.pipeline;

import java.nio.file.Path;

/** A family of text-to-video models: how its folders are told apart and read. */
public interface PipelineFamily {

    /** What its folders call themselves: the class of a diffusers pipeline, or the model type of another layout. */
    String name();

    /** Whether a folder says that it is of this family; looks at no more than the file that says so. */
    default boolean recognises(Path folder) {
        return DiffusersFolder.isOf(folder, name());
    }

    /**
     * Reads the settings of a folder, and no weights.
     *
     * @throws IllegalArgumentException if a setting is not understood or a component is missing, naming it
     */
    VideoModel open(Path folder);
}
