package io.lowpass.contracts.image;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What kind of file some bytes are, by how they begin. */
public final class ImageFormat {

    /** Portable Network Graphics. */
    public static final String PNG = "PNG";

    /** JPEG, in any of its forms. */
    public static final String JPEG = "JPEG";

    private static final int HEAD = 64;

    private record Kind(Pattern head, String name) {

        static Kind of(String head, String name) {
            return new Kind(Pattern.compile(head, Pattern.DOTALL), name);
        }
    }

    /** Heads as ISO 8859-1. */
    private static final List<Kind> KINDS = List.of(
            Kind.of("\\x89PNG\\r\\n\\x1a\\n.*", PNG),
            Kind.of("\\xff\\xd8\\xff.*", JPEG),
            Kind.of("RIFF....WEBP.*", "WebP"),
            Kind.of("GIF8[79]a.*", "GIF"),
            Kind.of("....ftyp(avif|avis).*", "AVIF"),
            Kind.of("....ftyp(hei[cxms]|hev[cx]|mif1|msf1).*", "HEIC"),
            Kind.of("....ftyp.*", "MP4 or another video"),
            Kind.of("(II\\*\\x00|MM\\x00\\*|II\\+\\x00|MM\\x00\\+).*", "TIFF"),
            Kind.of("BM....\\x00\\x00\\x00\\x00.*", "BMP"),
            Kind.of("\\x00\\x00\\x01\\x00.*", "ICO"),
            Kind.of("(\\x00\\x00\\x00\\x0cJXL |\\xff\\x0a).*", "JPEG XL"),
            Kind.of("(\\x00\\x00\\x00\\x0cjP  |\\xff\\x4f\\xff\\x51).*", "JPEG 2000"),
            Kind.of("8BPS.*", "a Photoshop file"),
            Kind.of("\\x76\\x2f\\x31\\x01.*", "OpenEXR"),
            Kind.of("P[1-7]\\s.*", "a Netpbm image"),
            Kind.of("%PDF.*", "PDF"),
            Kind.of("\\x1a\\x45\\xdf\\xa3.*", "a Matroska or WebM video"),
            Kind.of("PK\\x03\\x04.*", "a zip archive"),
            Kind.of("version https://git-lfs.*", "a Git LFS pointer (run `git lfs pull`)"));

    private static final Pattern TEXT = Pattern.compile("[\\x09\\x0a\\x0d\\x20-\\x7e]+");

    private ImageFormat() {}

    /** The name of a kind, such as {@link #PNG} or {@code WebP}; of one that is not known, what can be said of it. */
    public static String of(byte[] file) {
        if (file.length == 0) {
            return "empty";
        }
        String head = new String(file, 0, Math.min(HEAD, file.length), StandardCharsets.ISO_8859_1);
        return KINDS.stream()
                .filter(kind -> kind.head().matcher(head).matches())
                .map(Kind::name)
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
        return TEXT.matcher(head).matches() ? "a text" : "of an unknown kind";
    }
}
