package io.lowpass.models.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** Blocks that are numbered from 0. */
    public static StoredBlocks numbered(Path folder, String prefix, int count) {
        return new StoredBlocks(
                folder,
                IntStream.range(0, count).mapToObj(i -> prefix + i + ".").toList());
    }

    /** These, then others of the same folder. */
    public StoredBlocks then(StoredBlocks others) {
        return new StoredBlocks(
                folder,
                Stream.concat(prefixes.stream(), others.prefixes.stream()).toList());
    }
}
