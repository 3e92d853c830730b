package io.lowpass.streaming;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares the run that sent a chunk with the current stream of the job. */
final class RunOrder {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private RunOrder() {}

    /** Whether the current stream is newer or from another run; an unreadable chunk may come from anyone. */
    static boolean isAnother(@Nullable ChunkStream stream, int attempt, String run) {
        return stream != null
                && (stream.attempt() > attempt
                        || (stream.attempt() == attempt && !stream.run().equals(run)));
    }

    /** Whether the chunk is a late one of an earlier run of the same attempt, which was handed back. */
    static boolean isOfOlder(Chunk chunk, ChunkStream stream) {
        return chunk.attempt() == stream.attempt()
                && chunk.kind() != ChunkKind.ABORT
                && place(of(chunk)) < place(stream.run());
    }

    /** Samplers number their runs; the runs of other senders have no order and are accepted as they come. */
    private static int place(String run) {
        return NUMBER.matcher(run).matches() ? Integer.parseInt(run) : -1;
    }

    static boolean continues(ChunkStream stream, Chunk chunk) {
        return stream.attempt() == chunk.attempt()
                && (chunk.kind() == ChunkKind.ABORT || stream.run().equals(of(chunk)));
    }

    static String of(Chunk chunk) {
        return chunk.attributes().getOrDefault(Chunk.RUN, "");
    }
}
