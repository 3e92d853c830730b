package io.lowpass.streaming;

/**
 * What a stage does with one stream. One thread at a time calls it, in the order accept, …, accept, complete, close. An
 * exception ends the session: a {@link StageException} says with what code and class, any other is a permanent failure.
 */
public interface StreamSession extends AutoCloseable {

    /** Takes the next frame. May take its time: no broker waits for it. */
    void accept(Frame frame) throws InterruptedException;

    /** Every frame was taken: makes the result final. */
    void complete() throws InterruptedException;

    /** Frees everything, and undoes what was begun if {@link #complete} did not finish. */
    @Override
    void close();
}
