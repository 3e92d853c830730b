package io.lowpass.lab.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Stores the frames of reference runs, with which later runs of the same pair are compared, also after an interruption.
 */
final class FrameFiles {

    private final Path folder;
    private final Shape shape;

    /**
     * The files of an evaluation.
     *
     * @param shape (frames, 3, height, width) of every video, as it is decoded
     */
    FrameFiles(Path out, Shape shape) throws IOException {
        folder = Files.createDirectories(out.resolve("references"));
        this.shape = shape;
    }

    private Path file(Pair pair, String policy) {
        return folder.resolve(pair.name() + "-" + policy.replace(':', '-') + ".rgb");
    }

    boolean has(Pair pair, String policy) throws IOException {
        Path file = file(pair, policy);
        return Files.exists(file) && Files.size(file) == shape.size();
    }

    /** Writes frames as planes of red, green and blue. */
    void save(Pair pair, String policy, NDArray frames) throws IOException {
        if (!frames.getShape().equals(shape)) {
            throw new IllegalStateException("a video has shape " + frames.getShape() + ", expected " + shape);
        }
        Path part = folder.resolve("part");
        Files.write(part, frames.toByteArray());
        Files.move(part, file(pair, policy), StandardCopyOption.REPLACE_EXISTING);
    }

    NDArray load(NDManager owner, Pair pair, String policy) throws IOException {
        byte[] bytes = Files.readAllBytes(file(pair, policy));
        return owner.create(ByteBuffer.wrap(bytes), shape, DataType.UINT8);
    }
}
