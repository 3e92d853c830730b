package io.lowpass.lab.verify;

/** A case needs a family or method that this build does not have. */
final class Unsupported extends RuntimeException {

    private static final long serialVersionUID = 1;

    Unsupported(String what) {
        super(what);
    }
}
