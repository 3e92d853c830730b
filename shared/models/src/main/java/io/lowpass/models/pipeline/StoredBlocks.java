package io.lowpass.models.pipeline;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the blocks of a transformer lie.
 *
 * @param folder the component's folder
 * @param prefixes what the names of each block's parameters start with, in the order in which the blocks run
 */
public record StoredBlocks(Path folder, List<String> prefixes) {

    /** Copies the list. */
    public StoredBlocks {
        prefixes = List.copyOf(prefixes);
    }
}
