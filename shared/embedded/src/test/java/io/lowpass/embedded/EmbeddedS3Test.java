package io.lowpass.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minio.GetObjectArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedS3Test {

    @TempDir
    Path directory;

    private static MinioClient client(EmbeddedS3 server, String secret) {
        return MinioClient.builder()
                .endpoint(server.endpoint())
                .credentials(EmbeddedS3.DEFAULT_KEY, secret)
                .build();
    }

    @Test
    void objectsAreThereAgainAfterARestartOnTheSameDirectory() throws Exception {
        // Given
        byte[] content = {1, 2, 3};
        try (EmbeddedS3 server = EmbeddedS3.start(directory)) {
            MinioClient client = client(server, EmbeddedS3.DEFAULT_KEY);
            client.makeBucket(MakeBucketArgs.builder().bucket("videos").build());
            client.putObject(PutObjectArgs.builder().bucket("videos").object("a/b.mp4").contentType("video/mp4").stream(
                            new ByteArrayInputStream(content), 3L, -1L)
                    .build());
        }

        // When
        byte[] read;
        String type;
        try (EmbeddedS3 server = EmbeddedS3.start(directory)) {
            MinioClient client = client(server, EmbeddedS3.DEFAULT_KEY);
            try (var object = client.getObject(
                    GetObjectArgs.builder().bucket("videos").object("a/b.mp4").build())) {
                read = object.readAllBytes();
                type = object.headers().get("Content-Type");
            }
        }

        // Then
        assertThat(read).isEqualTo(content);
        assertThat(type).isEqualTo("video/mp4");
    }

    @Test
    void aWrongSecretIsRefused() throws Exception {
        // Given
        try (EmbeddedS3 server = EmbeddedS3.start(directory)) {
            MinioClient client = client(server, "wrong-secret");

            // When Then
            assertThatThrownBy(() -> client.makeBucket(
                            MakeBucketArgs.builder().bucket("videos").build()))
                    .hasMessageContaining("signature");
        }
    }
}
