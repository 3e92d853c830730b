package io.lowpass.video;

/** A call into libav failed. */
public final class LibavException extends RuntimeException {

    private final int code;

    LibavException(String what, int code, String text) {
        super(what + ": " + text + " (" + code + ")");
        this.code = code;
    }

    /** The AVERROR. */
    public int code() {
        return code;
    }
}
