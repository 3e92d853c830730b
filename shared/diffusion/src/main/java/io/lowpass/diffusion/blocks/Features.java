package io.lowpass.diffusion.blocks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Arrays;
import java.util.Optional;

/**
 * The tokens between two blocks: the video stream and, in dual-stream families, the text stream.
 *
 * <p>Arithmetic applies to every stream that is present, so a policy can keep a residual without knowing the number of
 * streams.
 *
 * @param video video tokens, shape (1, tokens, width)
 * @param text text tokens, shape (1, tokens, width)
 */
public record Features(NDArray video, Optional<NDArray> text) {

    /** Features of a single-stream family. */
    public static Features of(NDArray video) {
        return new Features(video, Optional.empty());
    }

    /** Features of a dual-stream family. */
    public static Features of(NDArray video, NDArray text) {
        return new Features(video, Optional.of(text));
    }

    /** The sum of each stream. */
    public Features plus(Features other) {
        return new Features(video.add(other.video), text.map(t -> t.add(other.text.orElseThrow())));
    }

    /** The difference of each stream. */
    public Features minus(Features other) {
        return new Features(video.sub(other.video), text.map(t -> t.sub(other.text.orElseThrow())));
    }

    /** Each stream times a number. */
    public Features times(double factor) {
        return new Features(video.mul(factor), text.map(t -> t.mul(factor)));
    }

    /** Moves the arrays to {@code owner}, so that they outlive their step. */
    public Features keptBy(NDManager owner) {
        Arrays.keep(video, owner);
        text.ifPresent(t -> Arrays.keep(t, owner));
        return this;
    }

    /** Frees the arrays now rather than when their owner closes. */
    public void free() {
        video.close();
        text.ifPresent(NDArray::close);
    }
}
