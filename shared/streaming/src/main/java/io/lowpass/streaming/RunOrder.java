package io.lowpass.streaming;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which run of its sender a chunk belongs to, compared with the stream that is under way for the job. */
final class RunOrder {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private RunOrder() {}

    /** Whether the stream under way is newer, or of another sender: what cannot be read may come from anybody. */
    static boolean isAnother(@Nullable ChunkStream stream, int attempt, String run) {
        return stream != null
                && (stream.attempt() > attempt
                        || (stream.attempt() == attempt && !stream.run().equals(run)));
    }

    /** An attempt that was handed back is run again; what the run before it had still on the way is late. */
    static boolean isOfOlder(Chunk chunk, ChunkStream stream) {
        return chunk.attempt() == stream.attempt()
                && chunk.kind() != ChunkKind.ABORT
                && place(of(chunk)) < place(stream.run());
    }

    /** Samplers number the runs of a job; other senders only tell theirs apart, and theirs are taken as they come. */
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
