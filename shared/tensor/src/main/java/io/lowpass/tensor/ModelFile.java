package io.lowpass.tensor;

import io.lowpass.fields.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks that a file of a model folder is readable, and detects what it is if its content does not match its name.
 * Downloads often leave something else in a file's place: a pointer, an error page, nothing.
 */
public final class ModelFile {

    private static final int HEAD = 1024;
    private static final int SHOWN = 60;

    private static final Pattern LFS =
            Pattern.compile("version https?://git-(?:lfs\\.github\\.com/spec|media\\.io)/.*", Pattern.DOTALL);
    private static final Pattern LFS_SIZE = Pattern.compile("(?m)^size (\\d+)\\r?$");
    private static final Pattern ANNEX =
            Pattern.compile("(?:.*/)?\\.git/annex/objects/.*|/annex/objects/.*", Pattern.DOTALL);
    private static final Pattern TEXT = Pattern.compile("[\\x09\\x0A\\x0D\\x20-\\x7E]+");

    /** The first bytes of another format, in hexadecimal, and its name. */
    private record Format(String begin, String name) {}

    private static final List<Format> FORMATS = List.of(
            new Format("504b0304", "a zip archive, as PyTorch writes .bin, .pt and .ckpt files"),
            new Format("504b0506", "an empty zip archive"),
            new Format("8002", "a Python pickle, as PyTorch wrote .bin, .pt and .ckpt files"),
            new Format("8003", "a Python pickle"),
            new Format("8004", "a Python pickle"),
            new Format("8005", "a Python pickle"),
            new Format("47475546", "a GGUF file, as llama.cpp and ComfyUI read"),
            new Format("67676d6c", "a GGML file, as llama.cpp read"),
            new Format("894844460d0a1a0a", "an HDF5 file, as Keras writes"),
            new Format("1f8b", "a gzip archive"),
            new Format("28b52ffd", "a Zstandard archive"),
            new Format("fd377a585a00", "an xz archive"),
            new Format("377abcaf271c", "a 7z archive"),
            new Format("425a68", "a bzip2 archive"),
            new Format("89504e47", "a PNG image"),
            new Format("25504446", "a PDF"),
            new Format("7f454c46", "a program"));

    private ModelFile() {}

    /**
     * Checks that a file exists, is readable, and is not a placeholder that Git or a server left.
     *
     * @throws IllegalArgumentException if not, with the file, what it is, and what to do
     */
    public static Path require(Path file) {
        if (!Files.exists(file)) {
            throw refused(file, Files.isSymbolicLink(file) ? dangling(file) : "does not exist");
        }
        if (Files.isDirectory(file)) {
            throw refused(file, "is a folder, allowed is a file");
        }
        if (!Files.isRegularFile(file)) {
            throw refused(file, "is a pipe, a socket or a device, allowed is a file");
        }
        if (!Files.isReadable(file)) {
            throw refused(file, "cannot be read: this process has no permission to");
        }
        byte[] head = head(file);
        if (head.length == 0) {
            throw refused(file, "is empty: download it again");
        }
        standIn(file, new String(head, StandardCharsets.ISO_8859_1)).ifPresent(problem -> {
            throw refused(file, problem);
        });
        return file;
    }

    /**
     * The content of a small file.
     *
     * @param most largest size in bytes
     * @throws IllegalArgumentException as {@link #require}, or if it is larger
     */
    public static byte[] bytes(Path file, int most) {
        require(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw refused(file, "has " + Files.size(file) + " bytes, allowed are at most " + most);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The text of a small file.
     *
     * @param most largest size in bytes
     * @throws IllegalArgumentException as {@link #bytes}, or if it is not UTF-8
     */
    public static String text(Path file, int most) {
        return text(file, "is", bytes(file, most));
    }

    /**
     * Text that was read from a file. JSON is parsed from text and not from bytes: of those Jackson guesses the encoding, and fails
     * in many ways if it guesses wrong.
     *
     * @param verb of the error's sentence, which begins with the file
     * @throws IllegalArgumentException if it is not UTF-8
     */
    static String text(Path file, String verb, byte[] bytes) {
        return Texts.decode(ByteBuffer.wrap(bytes), file + " " + verb + " not JSON: it");
    }

    /** What a file really is, if it can be recognised: {@code a GGUF file}. */
    static Optional<String> kind(Path file) {
        byte[] head = head(file);
        String hex = HexFormat.of().formatHex(head);
        Optional<String> format = FORMATS.stream()
                .filter(known -> hex.startsWith(known.begin()))
                .map(Format::name)
                .findFirst();
        return format.or(() -> Optional.of(new String(head, StandardCharsets.ISO_8859_1))
                .filter(text -> TEXT.matcher(text).matches())
                .map(text -> "a text that begins '" + text.substring(0, Math.min(SHOWN, text.length())) + "'"));
    }

    private static Optional<String> standIn(Path file, String head) {
        if (LFS.matcher(head).matches()) {
            Matcher size = LFS_SIZE.matcher(head);
            String expected = size.find() ? " (" + size.group(1) + " bytes expected)" : "";
            return Optional.of(
                    "is a Git LFS pointer, not the file itself" + expected + ": run `git lfs pull` in " + folder(file));
        }
        if (ANNEX.matcher(head).matches()) {
            return Optional.of(annex(file));
        }
        String begin = head.stripLeading().toLowerCase(Locale.ROOT);
        if (begin.startsWith("<!doctype") || begin.startsWith("<html") || begin.startsWith("<?xml")) {
            return Optional.of("is a web page or an error message of a server, not the file itself: download it again");
        }
        return Optional.empty();
    }

    private static String dangling(Path file) {
        try {
            String target = Files.readSymbolicLink(file).toString();
            return ANNEX.matcher(target).matches()
                    ? annex(file)
                    : "is a symbolic link to " + target + ", which does not exist";
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String annex(Path file) {
        return "is a git-annex pointer, not the file itself: run `git annex get .` in " + folder(file);
    }

    private static Path folder(Path file) {
        return Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    }

    private static byte[] head(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static IllegalArgumentException refused(Path file, String problem) {
        return new IllegalArgumentException(file + " " + problem);
    }
}
