package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/** The frames that a convolution over three frames has seen last; it needs two of them for the next one. */
final class History {

    private static final int DEPTH = 2;

    private final Deque<NDArray> frames = new ArrayDeque<>();

    /**
     * Takes a frame over and convolves.
     *
     * @param convolution gets this frame and those before it, oldest first, one to three
     */
    <T> T through(NDArray frame, Function<NDArray[], T> convolution) {
        NDScope.unregister(frame);
        frames.addLast(frame);
        T result = convolution.apply(frames.toArray(NDArray[]::new));
        if (frames.size() > DEPTH) {
            frames.removeFirst().close();
        }
        return result;
    }
}
