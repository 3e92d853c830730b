package io.lowpass.streaming;

import io.lowpass.contracts.JobEvent.ErrorClass;
import io.lowpass.contracts.JobEvent.Failure;

/** A service cannot go on with a job, and knows why. */
public final class StageException extends RuntimeException {

    /** Code of what does not fit in memory. */
    public static final String MEMORY = "RESOURCE.MEMORY";

    private static final long serialVersionUID = 1L;

    private final String code;
    private final ErrorClass errorClass;

    /**
     * Says why.
     *
     * @param code machine-readable, dotted
     * @param errorClass retryable: the attempt is begun anew; anything else: the job has failed
     */
    public StageException(String code, ErrorClass errorClass, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.errorClass = errorClass;
    }

    /** As the other, without a cause. */
    public StageException(String code, ErrorClass errorClass, String message) {
        super(message);
        this.code = code;
        this.errorClass = errorClass;
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

    /** Whether there is only too little memory just now: others may take long to give theirs back. */
    boolean isShortage() {
        return isRetryable() && code.equals(MEMORY);
    }

    /** The same for an event. */
    public Failure failure() {
        return new Failure(code, errorClass, String.valueOf(getMessage()));
    }
}
