package io.lowpass.lab.evaluate;

import ai.djl.ndarray.NDArray;
import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Contact sheets: some frames of a video side by side, and below each its brightened difference to the uncached run.
 */
final class ContactSheet {

    /** Brightening factor of differences. */
    static final int GAIN = 4;

    private static final int FRAMES = 4;
    private static final int WIDEST = 160;
    private static final int CHANNELS = 3;
    private static final int BYTE = 0xFF;

    private final Path folder;
    private final List<Pair> pairs;

    /**
     * Contact sheets in a folder.
     *
     * @param pairs the pairs that get one
     */
    ContactSheet(Path out, List<Pair> pairs) throws IOException {
        folder = Files.createDirectories(out.resolve("sheets"));
        this.pairs = pairs;
    }

    List<Pair> pairs() {
        return pairs;
    }

    /** The file of a run's contact sheet. */
    Path file(Pair pair, String policy) {
        return folder.resolve(pair.name() + "-" + Digest.of(policy) + ".jpg");
    }

    boolean lacks(Pair pair, String policy) {
        return pairs.contains(pair) && !Files.exists(file(pair, policy));
    }

    /** Draws the contact sheet of a run, if its pair gets one. */
    void draw(Pair pair, String policy, NDArray frames, NDArray uncached) throws IOException {
        if (!lacks(pair, policy)) {
            return;
        }
        long count = frames.getShape().get(0);
        int height = (int) frames.getShape().get(2);
        int width = (int) frames.getShape().get(3);
        byte[] own = frames.toByteArray();
        byte[] reference = uncached.toByteArray();
        int shown = (int) Math.min(FRAMES, count);
        BufferedImage sheet = new BufferedImage(width * shown, height * 2, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < shown; i++) {
            int frame = shown == 1 ? 0 : (int) (i * (count - 1) / (shown - 1));
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int at = frame * CHANNELS * height * width + y * width + x;
                    sheet.setRGB(i * width + x, y, colour(own, at, height * width));
                    sheet.setRGB(i * width + x, height + y, difference(own, reference, at, height * width));
                }
            }
        }
        write(small(sheet, width), file(pair, policy));
    }

    private static int colour(byte[] planes, int at, int plane) {
        return ((planes[at] & BYTE) << 16) | ((planes[at + plane] & BYTE) << 8) | (planes[at + 2 * plane] & BYTE);
    }

    private static int difference(byte[] one, byte[] other, int at, int plane) {
        int colour = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            int place = at + channel * plane;
            int apart = Math.abs((one[place] & BYTE) - (other[place] & BYTE));
            colour = (colour << 8) | Math.min(BYTE, GAIN * apart);
        }
        return colour;
    }

    private static BufferedImage small(BufferedImage sheet, int frameWidth) {
        if (frameWidth <= WIDEST) {
            return sheet;
        }
        int width = sheet.getWidth() * WIDEST / frameWidth;
        int height = sheet.getHeight() * WIDEST / frameWidth;
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(sheet, 0, 0, width, height, null);
        graphics.dispose();
        return small;
    }

    private static void write(BufferedImage image, Path file) throws IOException {
        if (!ImageIO.write(image, "jpg", file.toFile())) {
            throw new IOException("this Java has no JPEG writer");
        }
    }
}
