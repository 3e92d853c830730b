package io.lowpass.streaming;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.JobEvent.Failure;
import org.jspecify.annotations.Nullable;

/** A service cannot process a job, for a known reason. */
public final class StageException extends RuntimeException {

    /** Code for work that does not fit into memory. */
    public static final String MEMORY = "RESOURCE.MEMORY";

    private static final long serialVersionUID = 1L;

    private final String code;
    private final ErrorClass errorClass;
    private final Tolerance tolerance;

    /** How often a stream is retried. */
    enum Tolerance {
        /** A failure of possibly this stream alone: a few retries within minutes. */
        FEW(10, 6),
        /** Not enough memory at the moment: retried for about an hour, which another video on this machine may take. */
        SHORTAGE(120, 6),
        /** Retried until the stage itself gives up. */
        OF_STAGE(Integer.MAX_VALUE, 4);

        private final int most;
        private final int doublings;

        Tolerance(int most, int doublings) {
            this.most = most;
            this.doublings = doublings;
        }

        /** Number of failures, the last of which is final. */
        int most() {
            return most;
        }

        /** How often the pause between retries is doubled. */
        int doublings() {
            return doublings;
        }
    }

    /**
     * Creates the exception.
     *
     * @param code machine-readable, dotted
     * @param errorClass retryable: the attempt is started again; otherwise the job has failed
     */
    public StageException(String code, ErrorClass errorClass, String message, Throwable cause) {
        this(code, errorClass, toleranceOf(code), message, cause);
    }

    /** As the other, without a cause. */
    public StageException(String code, ErrorClass errorClass, String message) {
        this(code, errorClass, toleranceOf(code), message, null);
    }

    private StageException(
            String code, ErrorClass errorClass, Tolerance tolerance, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.errorClass = errorClass;
        this.tolerance = tolerance;
    }

    private static Tolerance toleranceOf(String code) {
        return code.equals(MEMORY) ? Tolerance.SHORTAGE : Tolerance.FEW;
    }

    /**
     * An external condition is not met: the stream waits without a session slot and is retried until the stage throws
     * another exception.
     */
    public static StageException waiting(String code, String message, Throwable cause) {
        return new StageException(code, ErrorClass.RETRYABLE, Tolerance.OF_STAGE, message, cause);
    }

    /** A failure that every attempt would meet. */
    public static StageException permanent(String code, String message) {
        return new StageException(code, ErrorClass.PERMANENT, message);
    }

    /** The code. */
    public String code() {
        return code;
    }

    /** Whether a retry may succeed. */
    public boolean isRetryable() {
        return errorClass == ErrorClass.RETRYABLE;
    }

    /** How often the stream is retried after this failure. */
    Tolerance tolerance() {
        return tolerance;
    }

    /** The failure in the form of an event. */
    public Failure failure() {
        return new Failure(code, errorClass, String.valueOf(getMessage()));
    }
}
