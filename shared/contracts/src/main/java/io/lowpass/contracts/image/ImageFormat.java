package io.lowpass.contracts.image;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Recognises file formats by their first bytes. */
public final class ImageFormat {

    /** Portable Network Graphics. */
    public static final String PNG = "PNG";

    /** JPEG, in any of its forms. */
    public static final String JPEG = "JPEG";

    private static final int HEAD = 64;

    private record Signature(Pattern head, String name) {

        static Signature of(String head, String name) {
            return new Signature(Pattern.compile(head, Pattern.DOTALL), name);
        }
    }

    /** Patterns of first bytes, as ISO 8859-1. */
    private static final List<Signature> KINDS = List.of(
            Signature.of("\\x89PNG\\r\\n\\x1a\\n.*", PNG),
            Signature.of("\\xff\\xd8\\xff.*", JPEG),
            Signature.of("RIFF....WEBP.*", "WebP"),
            Signature.of("GIF8[79]a.*", "GIF"),
            Signature.of("....ftyp(avif|avis).*", "AVIF"),
            Signature.of("....ftyp(hei[cxms]|hev[cx]|mif1|msf1).*", "HEIC"),
            Signature.of("....ftyp.*", "MP4 or another video"),
            Signature.of("(II\\*\\x00|MM\\x00\\*|II\\+\\x00|MM\\x00\\+).*", "TIFF"),
            Signature.of("BM....\\x00\\x00\\x00\\x00.*", "BMP"),
            Signature.of("\\x00\\x00\\x01\\x00.*", "ICO"),
            Signature.of("(\\x00\\x00\\x00\\x0cJXL |\\xff\\x0a).*", "JPEG XL"),
            Signature.of("(\\x00\\x00\\x00\\x0cjP  |\\xff\\x4f\\xff\\x51).*", "JPEG 2000"),
            Signature.of("8BPS.*", "a Photoshop file"),
            Signature.of("\\x76\\x2f\\x31\\x01.*", "OpenEXR"),
            Signature.of("P[1-7]\\s.*", "a Netpbm image"),
            Signature.of("%PDF.*", "PDF"),
            Signature.of("\\x1a\\x45\\xdf\\xa3.*", "a Matroska or WebM video"),
            Signature.of("PK\\x03\\x04.*", "a zip archive"),
            Signature.of("version https://git-lfs.*", "a Git LFS pointer (run `git lfs pull`)"));

    private static final Pattern TEXT = Pattern.compile("[\\x09\\x0a\\x0d\\x20-\\x7e]+");

    private ImageFormat() {}

    /** The name of a format, such as {@link #PNG} or {@code WebP}, or a description of an unknown one. */
    public static String of(byte[] file) {
        if (file.length == 0) {
            return "empty";
        }
        String head = new String(file, 0, Math.min(HEAD, file.length), StandardCharsets.ISO_8859_1);
        return KINDS.stream()
                .filter(kind -> kind.head().matcher(head).matches())
                .map(Signature::name)
                .findFirst()
                .orElseGet(() -> unknown(head));
    }

    private static String unknown(String head) {
        String begin = head.stripLeading().toLowerCase(Locale.ROOT);
        if (begin.startsWith("<svg") || begin.startsWith("<?xml")) {
            return "SVG or other XML";
        }
        if (begin.startsWith("<")) {
            return "a web page";
        }
        return TEXT.matcher(head).matches() ? "a text" : "of an unknown format";
    }
}
