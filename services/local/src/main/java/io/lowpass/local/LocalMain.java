package io.lowpass.local;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Entry of {@code deploy/lowpass}. */
@QuarkusMain
public final class LocalMain {

    private LocalMain() {}

    /** Runs a command and ends the process with its code: 0, 1 (failed), 2 (usage). */
    public static void main(String... arguments) {
        // Until Quarkus configures logging, after Kafka has started, log output is suppressed.
        Logger.getLogger("").setLevel(Level.SEVERE);
        System.exit(Lowpass.commandLine().execute(arguments));
    }
}
