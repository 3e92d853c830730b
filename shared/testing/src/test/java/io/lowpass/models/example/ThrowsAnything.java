package io.lowpass.models.example;

/** Breaks the rule against broad exceptions. */
public abstract class ThrowsAnything {

    /** Throws. */
    public abstract void run() throws Exception;
}
