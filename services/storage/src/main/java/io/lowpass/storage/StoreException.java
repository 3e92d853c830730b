package io.lowpass.storage;

import io.minio.errors.ErrorResponseException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A call to the object store failed. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final StoreErrorClass errorClass;

    StoreException(String code, StoreErrorClass errorClass, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.errorClass = errorClass;
    }

    /** Converts the failure of a call. */
    static StoreException of(Throwable failure) {
        return Stream.<Throwable>iterate(failure, t -> t != null, Throwable::getCause)
                .filter(ErrorResponseException.class::isInstance)
                .map(ErrorResponseException.class::cast)
                .findFirst()
                .map(answer -> of(answer, failure))
                .orElseGet(() -> new StoreException(
                        "", StoreErrorClass.PASSING, "the object store does not answer: " + root(failure), failure));
    }

    private static StoreException of(ErrorResponseException answer, Throwable failure) {
        int status = answer.response().code();
        String code = Objects.requireNonNullElse(answer.errorResponse().code(), "");
        return new StoreException(
                code,
                StoreErrorClass.of(status, code),
                "the object store answers " + status + " " + code + ": " + answer.getMessage(),
                failure);
    }

    private static String root(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure.toString() : root(cause);
    }

    /** The store's error code, such as {@code NoSuchKey}; empty if there is none. */
    public String code() {
        return code;
    }

    /** The error code in the form of a job's failure code. */
    String failureCode() {
        String name = code.isEmpty() ? "AWAY" : code.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
        return "STORE." + name;
    }

    /** How the error is handled. */
    StoreErrorClass errorClass() {
        return errorClass;
    }

    /** Whether the object does not exist, or no longer exists. */
    boolean isGone() {
        return errorClass == StoreErrorClass.NO_OBJECT
                || errorClass == StoreErrorClass.NO_BUCKET
                || errorClass == StoreErrorClass.OTHER_OBJECT;
    }
}
