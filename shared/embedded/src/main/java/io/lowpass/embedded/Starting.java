package io.lowpass.embedded;

/** Wraps calls of servers whose methods declare {@link Exception}. */
final class Starting {

    private Starting() {}

    /**
     * Runs the action on this thread.
     *
     * @throws IllegalStateException with the message and the cause, if the action fails
     */
    static void orExplain(String message, ThrowingAction action) {
        try {
            action.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(message, e);
        } catch (Exception e) {
            throw new IllegalStateException(message, e);
        }
    }

    /** An action that may throw anything. */
    @FunctionalInterface
    interface ThrowingAction {
        void run() throws Exception;
    }
}
