package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version https://git-lfs.github.com/spec/v1\\noid sha256:ab\\nsize 9972\\n"
                        + "| is a Git LFS pointer, not the file itself (9972 bytes expected): run `git lfs pull` in",
                "version https://git-lfs.github.com/spec/v1\\r\\nsize 12\\r\\n| (12 bytes expected): run `git lfs pull`",
                "version https://git-lfs.github.com/spec/v1 | is a Git LFS pointer, not the file itself: run",
                "/annex/objects/SHA256E-s9--ab.safetensors\\n | is a git-annex pointer, not the file itself: run `git annex get",
                "\\n <!DOCTYPE html>\\n<html> | is a web page or an error message of a server",
                "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error> | error message of a server"
            })
    void whatGitOrAServerLeavesInAFilesPlaceIsNamedWithWhatToDo(String content, String problem) throws IOException {
        // Given
        Path file = folder.resolve("model.safetensors");
        Files.writeString(file, content.replace("\\n", "\n").replace("\\r", "\r"));
        // When, Then
        assertThatThrownBy(() -> Safetensors.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(problem);
        assertThatThrownBy(() -> ModelFile.bytes(file, 100)).hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "504b03041400000808000000 | is a zip archive, as PyTorch writes .bin, .pt and .ckpt files",
                "80028a0a6cfc9c46f9206aa85019 | is a Python pickle",
                "47475546030000000100000000000000 | is a GGUF file",
                "894844460d0a1a0a0000 | is an HDF5 file",
                "1f8b0800000000000003 | is a gzip archive"
            })
    void weightsOfAnotherFormatAreNamed(String hex, String problem) throws IOException {
        // Given
        Files.write(folder.resolve("model.safetensors"), HexFormat.of().parseHex(hex));
        // When, Then
        assertThatThrownBy(() -> Safetensors.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("allowed is a safetensors file");
    }

    @Test
    void aTextInAFilesPlaceIsShown() throws IOException {
        // Given
        Files.writeString(folder.resolve("model.safetensors"), "Invalid username or password.");
        // When, Then
        assertThatThrownBy(() -> Safetensors.open(folder))
                .hasMessageContaining("is a text that begins 'Invalid username or password.'");
    }

    @Test
    void aFolderThatHasOnlyWeightsOfAnotherFormatNamesOne() throws IOException {
        // Given
        Files.writeString(folder.resolve("diffusion_pytorch_model.bin"), "x");
        // When, Then
        assertThatThrownBy(() -> Safetensors.open(folder))
                .hasMessageContaining("it has diffusion_pytorch_model.bin, of a format that Lowpass does not read");
    }

    @Test
    void whatIsNoFileIsNamed() throws IOException {
        // Given
        Path file = folder.resolve("model.safetensors");
        // When, Then
        assertThatThrownBy(() -> ModelFile.require(file)).hasMessage(file + " does not exist");
        Files.createFile(file);
        assertThatThrownBy(() -> ModelFile.require(file)).hasMessage(file + " is empty: download it again");
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("model.safetensors");
        assertThatThrownBy(() -> ModelFile.require(file)).hasMessage(file + " is a folder, allowed is a file");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("../../blobs/ab"));
        assertThatThrownBy(() -> ModelFile.require(file))
                .hasMessage(file + " is a symbolic link to ../../blobs/ab, which does not exist");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("../.git/annex/objects/Xy/ab"));
        assertThatThrownBy(() -> ModelFile.require(file)).hasMessageContaining("run `git annex get .` in " + folder);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeIsNotWaitedFor() throws IOException, InterruptedException {
        // Given
        Path pipe = folder.resolve("model.safetensors");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertThat(made.waitFor(10, TimeUnit.SECONDS)).isTrue();
        // When, Then
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("is a pipe, a socket or a device");
    }

    @Test
    void aFileThatIsLargerThanItsKindIsNotHeldInMemory() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("config.json"), "{\"a\": 1}");
        // When, Then
        assertThat(ModelFile.bytes(file, 8)).isEqualTo("{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ModelFile.bytes(file, 7)).hasMessage(file + " has 8 bytes, allowed are at most 7");
    }

    /** Jackson takes each of them for another encoding, which it does not know or which ends too early. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000fffe7b7d0000", // the mark of UTF-32 in an order of bytes that nobody uses
                "0000feff0000007b", // UTF-32
                "0000007b00", // UTF-32 that ends within a letter
                "feff007b007d", // UTF-16
                "7b2261223a2022c3", // UTF-8 that ends within a letter
                "7b2261223a2022ff227d", // no UTF-8
            })
    void settingsAndHeadersInAnotherEncodingAreNotJson(String hex) throws IOException {
        // Given
        byte[] bytes = HexFormat.of().parseHex(hex);
        Path settings = Files.write(folder.resolve("config.json"), bytes);
        Path weights = folder.resolve("model.safetensors");
        Files.write(
                weights,
                ByteBuffer.allocate(Long.BYTES + bytes.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(bytes.length)
                        .put(bytes)
                        .array());
        // When, Then
        assertThatThrownBy(() -> new ObjectMapper().readTree(ModelFile.text(settings, 100)))
                .isInstanceOfAny(IllegalArgumentException.class, JsonProcessingException.class);
        assertThatThrownBy(() -> Safetensors.open(weights))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(weights + " has a header that is not JSON: ");
    }
}
