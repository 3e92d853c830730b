package io.lowpass.streaming;

/**
 * The processing of one stream by a stage. Called by one thread at a time, in the order accept, …, accept, complete,
 * close. An exception ends the session: a {@link StageException} carries its code and class, any other counts as a
 * permanent failure.
 */
public interface StreamSession extends AutoCloseable {

    /** Processes the next frame. It may take long; no broker timeout depends on it. */
    void accept(Frame frame) throws InterruptedException;

    /** All frames were accepted: makes the result final. */
    void complete() throws InterruptedException;

    /** Frees everything, and undoes partial results unless {@link #complete} succeeded. */
    @Override
    void close();
}
