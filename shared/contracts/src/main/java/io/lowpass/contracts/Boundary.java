package io.lowpass.contracts;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Turns an unexpected error into a value. Only for work on input that is not ours, such as bytes that another program
 * wrote, or for a server inside this process: its failures are not known in advance, and none of them may end the
 * calling thread.
 */
public final class Boundary {

    private Boundary() {}

    /**
     * Returns the result of {@code work}, or what {@code otherwise} makes of its exception. An {@link Error} is passed
     * on.
     */
    public static <T> T call(Supplier<T> work, Function<RuntimeException, T> otherwise) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return otherwise.apply(e);
        }
    }

    /** The message of an error, or the name of its class if it has none. */
    public static String message(Throwable error) {
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }
}
