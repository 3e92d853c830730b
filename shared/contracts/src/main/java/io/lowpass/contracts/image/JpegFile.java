package io.lowpass.contracts.image;

import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A complete JPEG file. It is decoded without its colour information, and its samples are interpreted as by libjpeg and
 * PIL: profiles are not applied, and four components are inverted inks.
 */
final class JpegFile implements StoredImage {

    private static final int MARKER = 0xFF;
    private static final int START = 0xD8;
    private static final int END = 0xD9;
    private static final int SCAN = 0xDA;
    private static final int BASELINE = 0xC0;
    private static final int PROGRESSIVE = 0xC2;
    private static final int FIRST_FRAME = 0xC0;
    private static final int LAST_FRAME = 0xCF;
    private static final int HUFFMAN_TABLES = 0xC4;
    private static final int EXTENSION = 0xC8;
    private static final int ARITHMETIC_TABLES = 0xCC;
    private static final int FIRST_RESTART = 0xD0;
    private static final int LAST_RESTART = 0xD7;
    private static final int TEMPORARY = 0x01;
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;

    /** The most scans; progressive images have a dozen, and each takes time for every pixel. */
    private static final int MOST_SCANS = 100;

    private static final int GREY = 1;
    private static final int COLOURS = 3;
    private static final int INKS = 4;

    /** Adobe's segment with no colour transform, so that Java returns the stored samples. */
    private static final byte[] UNTRANSFORMED = {
        (byte) MARKER, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };

    private final ByteBuffer in;
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private Optional<ByteBuffer> frame = Optional.empty();
    private Optional<Integer> adobe = Optional.empty();
    private boolean jfif;
    private int scans;

    private JpegFile(byte[] file) {
        this.in = ByteBuffer.wrap(file);
    }

    /**
     * Checks a file.
     *
     * @throws IllegalArgumentException if it is incomplete, unsupported, or beyond the limits
     */
    static JpegFile open(byte[] file, RgbImage.Limits limits) {
        JpegFile opened = new JpegFile(file);
        opened.read(limits);
        return opened;
    }

    private void read(RgbImage.Limits limits) {
        in.position(2);
        plain.write(MARKER);
        plain.write(START);
        plain.writeBytes(UNTRANSFORMED);
        int marker = next();
        while (marker != END) {
            if (marker == SCAN) {
                require(frame.isPresent(), "has data before its header");
                scans++;
                require(scans <= MOST_SCANS, "has more than " + MOST_SCANS + " scans");
            }
            int begin = in.position() - 2;
            if (marker != TEMPORARY && !isRestart(marker)) {
                segment(marker, limits);
            }
            if (marker == SCAN) {
                skipData();
            }
            if (marker < APP0 || marker > APP15) {
                plain.write(in.array(), begin, in.position() - begin);
            }
            marker = next();
        }
        require(scans > 0, "has no data");
        plain.write(MARKER);
        plain.write(END);
    }

    /** The next marker, after padding and other bytes that libjpeg skips. */
    private int next() {
        boolean begun = false;
        int marker = 0;
        while (!begun || marker == 0 || marker == MARKER) {
            begun = marker == MARKER;
            require(in.hasRemaining(), "is truncated");
            marker = Byte.toUnsignedInt(in.get());
        }
        require(marker != START, "begins twice");
        return marker;
    }

    private void segment(int marker, RgbImage.Limits limits) {
        require(in.remaining() >= 2, "is truncated");
        int length = Short.toUnsignedInt(in.getShort()) - 2;
        require(length >= 0 && length <= in.remaining(), "is truncated");
        ByteBuffer content = in.slice(in.position(), length);
        in.position(in.position() + length);
        if (marker == APP0 && begins(content, "JFIF\0", 14 - 2)) {
            jfif = true;
        } else if (marker == APP14 && begins(content, "Adobe", 12)) {
            adobe = Optional.of(Byte.toUnsignedInt(content.get(11)));
        } else if (isFrame(marker)) {
            requireFrame(marker, content, limits);
            frame = Optional.of(content);
        }
    }

    private static boolean begins(ByteBuffer content, String name, int length) {
        byte[] head = new byte[Math.min(name.length(), content.remaining())];
        content.duplicate().get(head);
        return content.remaining() >= length && new String(head, StandardCharsets.ISO_8859_1).equals(name);
    }

    private static boolean isRestart(int marker) {
        return marker >= FIRST_RESTART && marker <= LAST_RESTART;
    }

    private static boolean isFrame(int marker) {
        return marker >= FIRST_FRAME
                && marker <= LAST_FRAME
                && marker != HUFFMAN_TABLES
                && marker != EXTENSION
                && marker != ARITHMETIC_TABLES;
    }

    /** Precision, height, width, number of components, and for each component three bytes, of which the first names it. */
    private void requireFrame(int marker, ByteBuffer content, RgbImage.Limits limits) {
        require(frame.isEmpty(), "has two headers");
        require(
                marker >= BASELINE && marker <= PROGRESSIVE,
                "is lossless, hierarchical or arithmetically coded; allowed are baseline and progressive");
        require(content.remaining() >= 6, "is truncated");
        require(content.get(0) == Byte.SIZE, "has " + content.get(0) + " bits per sample, allowed is 8");
        int components = Byte.toUnsignedInt(content.get(5));
        require(
                components == GREY || components == COLOURS || components == INKS,
                "has " + components + " components, allowed are 1, 3 and 4");
        require(content.remaining() >= 6 + 3 * components, "is truncated");
        limits.require(Short.toUnsignedInt(content.getShort(3)), Short.toUnsignedInt(content.getShort(1)));
    }

    /** Skips to the next marker outside of entropy-coded data. */
    private void skipData() {
        while (in.remaining() >= 2) {
            int at = in.position();
            int next = Byte.toUnsignedInt(in.get(at + 1));
            boolean marker =
                    Byte.toUnsignedInt(in.get(at)) == MARKER && next != 0 && next != MARKER && !isRestart(next);
            if (marker) {
                return;
            }
            in.position(at + 1);
        }
        require(false, "is truncated");
    }

    @Override
    public long pixels() {
        ByteBuffer header = frame.orElseThrow();
        return (long) Short.toUnsignedInt(header.getShort(1)) * Short.toUnsignedInt(header.getShort(3));
    }

    @Override
    public RgbImage decode(int every) {
        Raster samples = StoredImage.read(
                "jpeg", plain.toByteArray(), reader -> reader.readRaster(0, StoredImage.sampled(reader, every)));
        int width = samples.getWidth();
        int height = samples.getHeight();
        int components = samples.getNumBands();
        boolean transformed = isTransformed(components);
        byte[] rgb = new byte[RgbImage.CHANNELS * width * height];
        int[] row = new int[components * width];
        int at = 0;
        for (int y = 0; y < height; y++) {
            samples.getPixels(0, y, width, 1, row);
            for (int x = 0; x < row.length; x += components) {
                if (transformed) {
                    JpegColours.fromLuma(row, x);
                }
                if (components == INKS) {
                    JpegColours.fromInks(row, x, transformed);
                }
                for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                    rgb[at++] = (byte) row[components == GREY ? x : x + channel];
                }
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /** Whether samples are luma and chroma, by the same rules as libjpeg. */
    private boolean isTransformed(int components) {
        if (components == GREY) {
            return false;
        }
        if (components == INKS) {
            return adobe.orElse(0) != 0;
        }
        if (jfif || adobe.isPresent()) {
            return jfif || adobe.get() != 0;
        }
        ByteBuffer header = frame.orElseThrow();
        return !(header.get(6) == 'R' && header.get(9) == 'G' && header.get(12) == 'B');
    }

    private static void require(boolean fine, String problem) {
        if (!fine) {
            throw new IllegalArgumentException("image is a JPEG that " + problem);
        }
    }
}
