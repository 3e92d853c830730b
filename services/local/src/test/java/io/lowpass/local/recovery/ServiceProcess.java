package io.lowpass.local.recovery;

import io.lowpass.embedded.EmbeddedS3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** A service as it is packaged, in a process of its own. */
final class ServiceProcess implements AutoCloseable {

    private static final Path ROOT = Path.of(System.getProperty("lowpass.root"));

    private final Process process;

    private ServiceProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param name of its module, such as encoder
     * @param s3 address of the store
     * @param log where its output is appended
     */
    static ServiceProcess start(String name, String bootstrapServers, String s3, Path log) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dai.djl.offline=true",
                "-Dquarkus.http.port=0",
                "-Dquarkus.management.port=0",
                "-Dkafka.bootstrap.servers=" + bootstrapServers,
                "-Dlowpass.s3.endpoint=" + s3,
                "-Dlowpass.s3.access-key=" + EmbeddedS3.DEFAULT_KEY,
                "-Dlowpass.s3.secret-key=" + EmbeddedS3.DEFAULT_KEY,
                "-Dlowpass.models.demo.folder=" + ROOT.resolve("shared/demo-model"),
                "-Dlowpass.models.demo.threads=1",
                "-Dlowpass.encoder.threads=1",
                "-jar",
                ROOT.resolve("services/" + name + "/target/quarkus-app/quarkus-run.jar")
                        .toString());
        try {
            return new ServiceProcess(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL: it has no time for a last word. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
