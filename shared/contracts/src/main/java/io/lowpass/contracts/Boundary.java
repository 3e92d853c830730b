package io.lowpass.contracts;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The one place that catches unexpected errors. It is for the boundaries of threads and processes: the loop of a thread
 * that must go on, a job that must get an answer, native code, a library that declares {@link Exception}, bytes that
 * another program wrote. All other code catches the errors that it can name.
 */
public final class Boundary {

    private Boundary() {}

    /** Work that may throw anything. */
    @FunctionalInterface
    public interface Task {
        /** Runs it. */
        void run() throws Exception;
    }

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

    /** As {@link #call}, but for every {@link Throwable}: checked exceptions and errors too. */
    public static <T> T callAny(Callable<T> work, Function<Throwable, T> otherwise) {
        try {
            return work.call();
        } catch (Throwable e) {
            return otherwise.apply(e);
        }
    }

    /** Runs {@code work}; whatever it throws goes to {@code otherwise}. */
    public static void run(Task work, Consumer<Throwable> otherwise) {
        failureOf(work).ifPresent(otherwise);
    }

    /** Runs {@code work} and returns whatever it throws, an {@link InterruptedException} included. */
    public static Optional<Throwable> failureOf(Task work) {
        return callAny(
                () -> {
                    work.run();
                    return Optional.empty();
                },
                Optional::of);
    }

    /** The message of an error, or the name of its class if it has none. */
    public static String message(Throwable error) {
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }
}
