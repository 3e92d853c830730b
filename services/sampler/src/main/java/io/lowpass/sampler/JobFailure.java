package io.lowpass.sampler;

import io.lowpass.contracts.JobEvent.ErrorClass;
import io.lowpass.contracts.JobEvent.Failure;

/** Ends an attempt with an error that has a code and a class. */
public final class JobFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    private JobFailure(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    /** An error that every attempt would meet. */
    public static JobFailure permanent(String code, String message) {
        return new JobFailure(new Failure(code, ErrorClass.PERMANENT, message));
    }

    /** The error as events carry it. */
    public Failure failure() {
        return failure;
    }
}
