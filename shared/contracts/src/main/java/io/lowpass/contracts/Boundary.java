package io.lowpass.contracts;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where an error that nobody foresaw becomes a value. Only for work on what is not ours, bytes that somebody else wrote
 * or a server within this process: what can come of it is not known in full, and none of it may end the thread that
 * does it.
 */
public final class Boundary {

    private Boundary() {}

    /** What the work gives, or what {@code otherwise} makes of its error; errors of the machine itself go on. */
    public static <T> T call(Supplier<T> work, Function<RuntimeException, T> otherwise) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return otherwise.apply(e);
        }
    }

    /** What an error says; of one without words its kind. */
    public static String message(Throwable error) {
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }
}
