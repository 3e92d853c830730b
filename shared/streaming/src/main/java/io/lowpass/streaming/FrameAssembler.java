package io.lowpass.streaming;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ErrorClass;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Assembles the frames of one stream. Chunks arrive in order, but some of them repeatedly; repeated ones are ignored.
 */
final class FrameAssembler {

    private final List<Chunk> parts = new ArrayList<>();
    private int next;

    /**
     * Adds a chunk; returns the frame that it completes, if any.
     *
     * @throws StageException if a chunk before it is missing
     */
    Optional<Frame> add(Chunk chunk) {
        if (chunk.index() < next || (chunk.index() == next && chunk.part() < parts.size())) {
            return Optional.empty();
        }
        if (chunk.index() > next || chunk.part() > parts.size()) {
            throw new StageException(
                    "STREAM.GAP",
                    ErrorClass.PERMANENT,
                    "Part " + chunk.part() + " of " + chunk.kind() + " " + chunk.index() + " came where part "
                            + parts.size() + " of " + next + " was due");
        }
        parts.add(chunk);
        if (parts.size() < chunk.parts()) {
            return Optional.empty();
        }
        Frame frame = Frame.of(parts.get(0), join());
        parts.clear();
        next++;
        return Optional.of(frame);
    }

    private ByteBuffer join() {
        if (parts.size() == 1) {
            return parts.get(0).payload();
        }
        ByteBuffer whole = ByteBuffer.allocate(
                parts.stream().mapToInt(part -> part.payload().remaining()).sum());
        parts.forEach(part -> whole.put(part.payload()));
        return whole.flip();
    }
}
