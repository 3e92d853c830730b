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
        // Until Quarkus configures logging, which it does after Kafka has started, nobody reads a running commentary.
        Logger.getLogger("").setLevel(Level.SEVERE);
        System.exit(Lowpass.commandLine().execute(arguments));
    }
}
