package io.lowpass.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * An S3 server in this JVM, reachable only from this machine. Buckets are folders and objects are files of its
 * directory, and survive a restart of the server on it.
 */
public final class EmbeddedS3 implements AutoCloseable {

    /** The default access key and secret key. They are not secret, since the server is local. */
    public static final String DEFAULT_KEY = "lowpass-local";

    private final S3Proxy server;

    private EmbeddedS3(S3Proxy server) {
        this.server = server;
    }

    /** Starts a server on a free port with {@link #DEFAULT_KEY} as both keys. */
    public static EmbeddedS3 start(Path directory) {
        return start(directory, 0, DEFAULT_KEY, DEFAULT_KEY);
    }

    /**
     * Starts a server.
     *
     * @param directory where buckets and objects live; made if new
     * @param port to listen on, or 0 for a free one
     * @throws UncheckedIOException if the directory cannot be written
     * @throws IllegalStateException if the server does not start, for example because the port is taken
     */
    public static EmbeddedS3 start(Path directory, int port, String accessKey, String secretKey) {
        Path root = directory.toAbsolutePath();
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException("The directory " + root + " cannot be created", e);
        }
        S3Proxy server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(root.toString()))
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
                .ignoreUnknownHeaders(true)
                .stopTimeout(0)
                .build();
        Starting.orExplain("No S3 server could be started on port " + port, server::start);
        return new EmbeddedS3(server);
    }

    /** Address of the server, such as {@code http://127.0.0.1:9000}. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** Stops the server. */
    @Override
    public void close() {
        Starting.orExplain("The S3 server did not stop", server::stop);
    }
}
