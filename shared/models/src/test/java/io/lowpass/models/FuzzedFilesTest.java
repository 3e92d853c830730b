package io.lowpass.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.lowpass.models.text.Tokenizer;
import io.lowpass.models.text.Tokens;
import io.lowpass.tensor.Safetensors;
import io.lowpass.testing.fuzz.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in a model's folder, it is read or refused; nothing in it ends the process. */
class FuzzedFilesTest {

    private static final int MAX_LENGTH = 16;

    @TempDir
    private Path folder;

    @Test
    void weightsAreReadOrRefused() {
        Path file = folder.resolve("model.safetensors");
        List<byte[]> good = List.of(
                safetensors("{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}", 8),
                safetensors(
                        "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                                + "\"b.c\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,8]}}",
                        8),
                "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 99\n".getBytes(StandardCharsets.UTF_8));
        weights("weights", file, good);
    }

    /** The header alone is changed here, under a length that is right: further than to its first eight bytes. */
    @Test
    void headersOfWeightsAreReadOrRefused() {
        Path file = folder.resolve("model.safetensors");
        List<byte[]> good = List.of(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}".getBytes(StandardCharsets.UTF_8),
                "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}".getBytes(StandardCharsets.UTF_8));
        new Fuzz("weights-header", good, List.of(IllegalArgumentException.class)).check(header -> {
            Files.write(file, safetensors(header, 8));
            read(file);
        });
    }

    private static void weights(String name, Path file, List<byte[]> good) {
        new Fuzz(name, good, List.of(IllegalArgumentException.class)).check(bytes -> {
            Files.write(file, bytes);
            read(file);
        });
    }

    private static void read(Path file) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                Safetensors weights = Safetensors.open(file)) {
            for (String tensor : weights.names()) {
                assertThat(weights.get(manager, tensor).getShape())
                        .isEqualTo(weights.shapes().get(tensor));
            }
        }
    }

    private static byte[] safetensors(String header, int data) {
        return safetensors(header.getBytes(StandardCharsets.UTF_8), data);
    }

    private static byte[] safetensors(byte[] header, int data) {
        return ByteBuffer.allocate(Long.BYTES + header.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    @Test
    void tokenizersAreReadOrRefused() throws IOException {
        Path demo = ReferenceTensors.demoModel().resolve("tokenizer");
        Files.copy(demo.resolve("tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
        List<byte[]> good = List.of(Files.readAllBytes(demo.resolve("tokenizer.json")));
        new Fuzz("tokenizer", good, List.of(IllegalArgumentException.class)).check(bytes -> {
            Files.write(folder.resolve("tokenizer.json"), bytes);
            try (Tokenizer tokenizer = Tokenizer.open(folder, MAX_LENGTH)) {
                Tokens tokens = tokenizer.encode("a big red ball, bouncing över a 球 field");
                assertThat(tokens.ids()).hasSize(MAX_LENGTH);
            }
        });
    }

    @Test
    void pieceFilesAreReadOrRefused() throws IOException {
        byte[] good;
        try (InputStream file = Objects.requireNonNull(Tokenizer.class.getResourceAsStream("spiece.model"))) {
            good = file.readAllBytes();
        }
        new Fuzz("pieces", List.of(good), List.of(IllegalArgumentException.class)).check(bytes -> {
            Files.write(folder.resolve("spiece.model"), bytes);
            try (Tokenizer tokenizer = Tokenizer.open(folder, MAX_LENGTH)) {
                Tokens tokens = tokenizer.encode("a big red ball, bouncing \u00f6ver a \ufb01eld");
                assertThat(tokens.ids()).hasSize(MAX_LENGTH);
            }
        });
    }
}
