package io.lowpass.video;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The format of a video, validated before any native call.
 *
 * @param width pixels, even (4:2:0 subsampling), 16 to 8192
 * @param height pixels, even, 16 to 8192
 * @param fps frames per second, 1 to 240
 * @param metadata written into the file's header, where {@code ffprobe} and players show it. Sorted, because the order
 *     affects the bytes
 */
public record VideoFormat(int width, int height, int fps, SortedMap<String, String> metadata) {

    private static final int SMALLEST = 16;
    private static final int LARGEST = 8192;
    private static final int FASTEST = 240;

    /** The largest size of all metadata in characters: the header must fit into the muxer's output buffer. */
    static final int MOST_METADATA = 100_000;

    public VideoFormat {
        side("width", width);
        side("height", height);
        if (fps < 1 || fps > FASTEST) {
            throw new IllegalArgumentException("fps " + fps + " is not between 1 and " + FASTEST);
        }
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        metadata.forEach(VideoFormat::entry);
        long characters = metadata.entrySet().stream()
                .mapToLong(e -> (long) e.getKey().length() + e.getValue().length())
                .sum();
        if (characters > MOST_METADATA) {
            throw new IllegalArgumentException(
                    "metadata has " + characters + " characters, at most " + MOST_METADATA + " fit the file's header");
        }
    }

    /** A format with metadata in any order. */
    public static VideoFormat of(int width, int height, int fps, Map<String, String> metadata) {
        return new VideoFormat(width, height, fps, new TreeMap<>(metadata));
    }

    /** Size of one frame in bytes: R, G, B of every pixel, rows from top to bottom, without padding. */
    public int frameBytes() {
        return width * height * 3;
    }

    private static void side(String name, int pixels) {
        if (pixels < SMALLEST || pixels > LARGEST || pixels % 2 != 0) {
            throw new IllegalArgumentException(
                    name + " " + pixels + " is not an even number between " + SMALLEST + " and " + LARGEST);
        }
    }

    private static void entry(String key, String value) {
        if (key.isEmpty() || key.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "metadata '" + key.replace('\0', ' ') + "' has an empty key or a NUL character");
        }
    }
}
