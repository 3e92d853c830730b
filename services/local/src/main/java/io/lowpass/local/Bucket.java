package io.lowpass.local;

import io.lowpass.contracts.Video;
import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Fetches videos from an S3 server. */
final class Bucket {

    private Bucket() {}

    /**
     * Writes a video to a file.
     *
     * @throws IllegalStateException if the server does not return it
     * @throws UncheckedIOException if the file cannot be written
     */
    static void fetch(String endpoint, String key, Video video, Path target) {
        GetObjectArgs object = GetObjectArgs.builder()
                .bucket(video.bucket())
                .object(video.key())
                .build();
        MinioClient client =
                MinioClient.builder().endpoint(endpoint).credentials(key, key).build();
        try (InputStream in = client.getObject(object)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException error) {
            throw new UncheckedIOException(target + " cannot be written: " + error.getMessage(), error);
        } catch (MinioException error) {
            throw new IllegalStateException(video.uri() + " cannot be read: " + error.getMessage(), error);
        }
    }
}
