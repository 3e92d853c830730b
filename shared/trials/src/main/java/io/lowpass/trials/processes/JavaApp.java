package io.lowpass.trials.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Starts a packaged application of this project in its own process.
 *
 * @param jar the application's jar
 * @param arguments arguments of its main method
 * @param properties system properties
 * @param heap maximum heap size in mebibytes
 * @param wholeHeap whether it allocates its whole heap at start
 */
public record JavaApp(Path jar, List<String> arguments, Map<String, String> properties, int heap, boolean wholeHeap) {

    public JavaApp {
        arguments = List.copyOf(arguments);
        properties = Map.copyOf(properties);
    }

    /** The packaged application of the module {@code services/NAME} under {@code root}. */
    public static JavaApp service(Path root, String name, Map<String, String> properties, int heap) {
        return new JavaApp(jar(root, name), List.of(), properties, heap, false);
    }

    /** A command of {@code deploy/lowpass}. */
    public static JavaApp command(Path root, int heap, String... arguments) {
        return new JavaApp(
                jar(root, "local"),
                List.of(arguments),
                Map.of("ai.djl.offline", "true", "lowpass.root", root.toString()),
                heap,
                false);
    }

    /** A copy that allocates its whole heap at start, so that later growth of memory is something else. */
    public JavaApp withWholeHeap() {
        return new JavaApp(jar, arguments, properties, heap, true);
    }

    /** The jar that starts the packaged application of a service. */
    public static Path jar(Path root, String name) {
        return root.resolve("services")
                .resolve(name)
                .resolve("target")
                .resolve("quarkus-app")
                .resolve("quarkus-run.jar");
    }

    /**
     * Starts it.
     *
     * @param log takes what it prints, after what is there
     * @param temporary its directory for temporary files
     * @throws UncheckedIOException if there is no such program
     */
    Process start(Path log, Path temporary) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Djava.io.tmpdir=" + temporary));
        if (wholeHeap) {
            command.addAll(List.of("-Xms" + heap + "m", "-XX:+AlwaysPreTouch"));
        }
        new TreeMap<>(properties).forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Many processes share few cores: contention costs more than parallelism gains.
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("MKL_NUM_THREADS", "1");
        try {
            return builder.start();
        } catch (IOException error) {
            throw new UncheckedIOException(jar + " cannot be started: " + error.getMessage(), error);
        }
    }
}
