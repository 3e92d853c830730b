package io.lowpass.models.example;

/** Breaks the rule that only the command line prints. */
public final class Prints {

    void print() {
        System.out.println();
    }
}
