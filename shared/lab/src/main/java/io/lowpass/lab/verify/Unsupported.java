package io.lowpass.lab.verify;

/** A case requires a family or method that this build does not support. */
final class Unsupported extends RuntimeException {

    private static final long serialVersionUID = 1;

    Unsupported(String what) {
        super(what);
    }
}
