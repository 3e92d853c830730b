package io.lowpass.streaming;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.JobEvent.Failure;
import org.jspecify.annotations.Nullable;

/** A service cannot go on with a job, and knows why. */
public final class StageException extends RuntimeException {

    /** Code of what does not fit in memory. */
    public static final String MEMORY = "RESOURCE.MEMORY";

    private static final long serialVersionUID = 1L;

    private final String code;
    private final ErrorClass errorClass;
    private final Tolerance tolerance;

    /** How often a stream is begun anew. */
    enum Tolerance {
        /** A failure that may be this stream's own: a few times within minutes. */
        FEW(10, 6),
        /** Too little memory just now: about an hour, which is what another video on this machine may take. */
        SHORTAGE(120, 6),
        /** Until the stage itself says that it was long enough. */
        OF_STAGE(Integer.MAX_VALUE, 4);

        private final int most;
        private final int doublings;

        Tolerance(int most, int doublings) {
            this.most = most;
            this.doublings = doublings;
        }

        /** Failures, of which the last is final. */
        int most() {
            return most;
        }

        /** How often the pause between two tries is doubled. */
        int doublings() {
            return doublings;
        }
    }

    /**
     * Says why.
     *
     * @param code machine-readable, dotted
     * @param errorClass retryable: the attempt is begun anew; anything else: the job has failed
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
     * Something outside is not as it must be: the stream rests without a place, and is begun anew again and again, until
     * the stage itself throws something else.
     */
    public static StageException waiting(String code, String message, Throwable cause) {
        return new StageException(code, ErrorClass.RETRYABLE, Tolerance.OF_STAGE, message, cause);
    }

    /** What every attempt would meet. */
    public static StageException permanent(String code, String message) {
        return new StageException(code, ErrorClass.PERMANENT, message);
    }

    /** The code. */
    public String code() {
        return code;
    }

    /** Whether beginning anew may help. */
    public boolean isRetryable() {
        return errorClass == ErrorClass.RETRYABLE;
    }

    /** How often the stream is begun anew after this. */
    Tolerance tolerance() {
        return tolerance;
    }

    /** The same for an event. */
    public Failure failure() {
        return new Failure(code, errorClass, String.valueOf(getMessage()));
    }
}
