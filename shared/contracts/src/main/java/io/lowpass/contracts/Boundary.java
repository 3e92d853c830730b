package io.lowpass.contracts;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The one place where an error that nobody foresaw is caught. It is for the boundaries of threads and processes: the loop
 * of a thread that must go on, a job that must get an answer, native code, a library that declares {@link Exception},
 * bytes that somebody else wrote. Everywhere else, code catches the errors that it can name.
 */
public final class Boundary {

    private Boundary() {}

    /** Work that may throw anything. */
    @FunctionalInterface
    public interface Task {
        /** Does it. */
        void run() throws Exception;
    }

    /** What the work gives, or what {@code otherwise} makes of its error; errors of the machine itself go on. */
    public static <T> T call(Supplier<T> work, Function<RuntimeException, T> otherwise) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return otherwise.apply(e);
        }
    }

    /** As {@link #call}, but for errors of every kind: checked ones, those of native code and of the machine too. */
    public static <T> T callAny(Callable<T> work, Function<Throwable, T> otherwise) {
        try {
            return work.call();
        } catch (Throwable e) {
            return otherwise.apply(e);
        }
    }

    /** Does the work; an error of any kind goes to {@code otherwise}. */
    public static void run(Task work, Consumer<Throwable> otherwise) {
        failureOf(work).ifPresent(otherwise);
    }

    /** Does the work; the error of any kind that ended it, an {@link InterruptedException} included. */
    public static Optional<Throwable> failureOf(Task work) {
        return callAny(
                () -> {
                    work.run();
                    return Optional.empty();
                },
                Optional::of);
    }

    /** What an error says; of one without words its kind. */
    public static String message(Throwable error) {
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }
}
