package io.lowpass.storage;

/** The object store did not do what it was asked to. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean away;

    StoreException(String code, boolean away, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.away = away;
    }

    /** The store's code, such as {@code NoSuchKey}; empty if none came. */
    public String code() {
        return code;
    }

    /** Whether the same may work later: there was no answer, or the store answered that it has trouble. */
    public boolean isAway() {
        return away;
    }
}
