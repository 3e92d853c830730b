package io.lowpass.local;

import io.quarkus.runtime.annotations.QuarkusMain;

/** Entry of {@code deploy/lowpass}. */
@QuarkusMain
public final class LocalMain {

    private LocalMain() {}

    /** Runs a command and ends the process with its code: 0, 1 (failed), 2 (usage). */
    public static void main(String... arguments) {
        System.exit(Lowpass.commandLine().execute(arguments));
    }
}
