package io.lowpass.contracts.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A complete PNG file with as many rows as its header says. */
final class PngFile implements StoredImage {

    private static final int SIGNATURE = 8;
    private static final int CHUNK = 12;
    private static final int HEADER = 13;
    private static final int BUFFER = 1 << 16;

    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504c5445;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454e44;

    private static final int PALETTE = 3;

    /** Samples per pixel by colour type. */
    private static final Map<Integer, Integer> SAMPLES = Map.of(0, 1, 2, 3, PALETTE, 1, 4, 2, 6, 4);

    private static final Map<Integer, Set<Integer>> DEPTHS = Map.of(
            0,
            Set.of(1, 2, 4, 8, 16),
            2,
            Set.of(8, 16),
            PALETTE,
            Set.of(1, 2, 4, 8),
            4,
            Set.of(8, 16),
            6,
            Set.of(8, 16));

    /** The passes of an interlaced image: x, y, dx, dy. */
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private static final int[][] WHOLE = {{0, 0, 1, 1}};

    private record Header(int width, int height, int depth, int type, boolean interlaced) {

        static Header of(ByteBuffer in) {
            Header header = new Header(
                    in.getInt(), in.getInt(), in.get(), in.get(), isInterlaced(in.get(), in.get(), in.get()));
            require(
                    DEPTHS.getOrDefault(header.type, Set.of()).contains(header.depth),
                    "has colour type " + header.type + " with " + header.depth + " bits");
            return header;
        }

        private static boolean isInterlaced(int compression, int filter, int interlace) {
            require(compression == 0 && filter == 0 && (interlace == 0 || interlace == 1), "is of an unknown version");
            return interlace == 1;
        }

        /** Size of all rows before compression, in bytes. */
        long bytes() {
            long bytes = 0;
            for (int[] pass : interlaced ? PASSES : WHOLE) {
                long columns = Math.max(0, (width - pass[0] + pass[2] - 1) / pass[2]);
                long rows = Math.max(0, (height - pass[1] + pass[3] - 1) / pass[3]);
                long bits = columns * depth * SAMPLES.getOrDefault(type, 1);
                bytes += columns == 0 ? 0 : rows * (1 + (bits + 7) / 8);
            }
            return bytes;
        }
    }

    private final byte[] file;
    private final long pixels;

    private PngFile(byte[] file, long pixels) {
        this.file = file;
        this.pixels = pixels;
    }

    /**
     * Checks a file.
     *
     * @throws IllegalArgumentException if it is incomplete, or beyond the limits
     */
    static PngFile open(byte[] file, RgbImage.Limits limits) {
        ByteBuffer in = ByteBuffer.wrap(file).position(SIGNATURE);
        List<ByteBuffer> data = new ArrayList<>();
        ByteBuffer first = chunk(in);
        require(first.getInt() == IHDR && first.remaining() == HEADER, "does not begin with its header");
        Header header = Header.of(first);
        limits.require(Integer.toUnsignedLong(header.width), Integer.toUnsignedLong(header.height));
        boolean palette = false;
        int type = 0;
        while (type != IEND) {
            ByteBuffer chunk = chunk(in);
            type = chunk.getInt();
            palette |= type == PLTE && chunk.remaining() >= RgbImage.CHANNELS;
            if (type == IDAT) {
                data.add(chunk);
            }
        }
        require(palette || header.type != PALETTE, "has no palette");
        requireRows(data, header.bytes());
        return new PngFile(file, (long) header.width * header.height);
    }

    /** The next chunk: type and content. */
    private static ByteBuffer chunk(ByteBuffer in) {
        require(in.remaining() >= CHUNK, "is truncated");
        int length = in.getInt();
        require(length >= 0 && length <= in.remaining() - 2 * Integer.BYTES, "is truncated");
        ByteBuffer chunk = in.slice(in.position(), Integer.BYTES + length);
        CRC32 sum = new CRC32();
        sum.update(chunk.duplicate());
        in.position(in.position() + Integer.BYTES + length);
        boolean ancillary = (chunk.get(0) & 0x20) != 0;
        require(in.getInt() == (int) sum.getValue() || ancillary, "is corrupt: a checksum is wrong");
        return chunk;
    }

    private static void requireRows(List<ByteBuffer> data, long expected) {
        Inflater inflater = new Inflater();
        byte[] out = new byte[BUFFER];
        long bytes = 0;
        try {
            for (ByteBuffer part : data) {
                inflater.setInput(part);
                int made = inflater.inflate(out);
                while (made > 0 && bytes < expected) {
                    bytes += made;
                    made = inflater.inflate(out);
                }
            }
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("image is a PNG that is corrupt: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
        require(bytes >= expected, "is truncated: it has " + bytes + " of " + expected + " bytes of pixels");
    }

    @Override
    public long pixels() {
        return pixels;
    }

    @Override
    public RgbImage decode(int every) {
        BufferedImage image =
                StoredImage.read("png", file, reader -> reader.read(0, StoredImage.sampled(reader, every)));
        Raster raster = image.getRaster();
        ColorModel colours = image.getColorModel();
        int depth = raster.getSampleModel().getSampleSize(0);
        byte[][] levels = levels(colours, depth);
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[RgbImage.CHANNELS * width * height];
        int[] row = new int[width];
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            int band = raster.getNumBands() < RgbImage.CHANNELS ? 0 : channel;
            byte[] table = levels[channel];
            for (int y = 0; y < height; y++) {
                raster.getSamples(0, y, width, 1, band, row);
                int at = RgbImage.CHANNELS * width * y + channel;
                for (int sample : row) {
                    rgb[at] = depth > Byte.SIZE ? (byte) (sample >> Byte.SIZE) : table[sample];
                    at += RgbImage.CHANNELS;
                }
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /** The value of each sample of at most 8 bits, by channel. */
    private static byte[][] levels(ColorModel colours, int depth) {
        int count = 1 << Math.min(depth, Byte.SIZE);
        byte[][] levels = new byte[RgbImage.CHANNELS][count];
        for (int sample = 0; sample < count; sample++) {
            // Java would interpret grey values as linear; so only palettes are looked up.
            int grey = sample * 0xFF / (count - 1) * 0x010101;
            int level = colours instanceof IndexColorModel palette
                    ? (sample < palette.getMapSize() ? palette.getRGB(sample) : 0)
                    : grey;
            for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                levels[channel][sample] = (byte) (level >> ((2 - channel) * Byte.SIZE));
            }
        }
        return levels;
    }

    private static void require(boolean fine, String problem) {
        if (!fine) {
            throw new IllegalArgumentException("image is a PNG that " + problem);
        }
    }
}
