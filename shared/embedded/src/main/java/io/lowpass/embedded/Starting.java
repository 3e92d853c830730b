package io.lowpass.embedded;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Wraps calls of servers whose methods declare {@link Exception}. */
final class Starting {

    private Starting() {}

    /**
     * Runs the action on this thread.
     *
     * @throws IllegalStateException with the message and the cause, if the action fails
     */
    static void orExplain(String message, ThrowingAction action) {
        Callable<Boolean> call = () -> {
            action.run();
            return true;
        };
        FutureTask<Boolean> task = new FutureTask<>(call);
        task.run();
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(message, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(message, e);
        }
    }

    /** An action that may throw anything. */
    @FunctionalInterface
    interface ThrowingAction {
        void run() throws Exception;
    }
}
