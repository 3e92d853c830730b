package io.lowpass.tensor;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has been opened so far on the way to something that needs all of it. If it does not get there, for whatever
 * reason, memory that is short included, all is closed again, the last first:
 *
 * <pre>{@code
 * try (Opening opening = new Opening()) {
 *     Tokenizer tokenizer = Tokenizer.open(...);
 *     opening.opened(tokenizer::close);
 *     return opening.done(new PromptEncoder(tokenizer, TextEncoder.open(...)));
 * }
 * }</pre>
 */
public final class Opening implements AutoCloseable {

    private final Deque<Runnable> opened = new ArrayDeque<>();

    /** Takes note of how something is closed that was just opened. */
    public void opened(Runnable close) {
        opened.push(close);
    }

    /** Leaves everything to {@code whole}, which closes it from now on; returns it. */
    public <T> T done(T whole) {
        opened.clear();
        return whole;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
    }
}
