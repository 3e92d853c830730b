package io.lowpass.models.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Arrays;
import java.nio.file.Path;
import java.util.List;

/**
 * What makes an image the input of a vision encoder, as {@code CLIPImageProcessor} does it: the shorter side to a
 * length, the middle cut out, levels centred and scaled by channel.
 *
 * @param shortest the shorter side after resizing, pixels
 * @param height of what is cut out
 * @param width of what is cut out
 * @param factor of the levels before they are normalised
 * @param mean by channel
 * @param std by channel
 */
public record ClipImageProcessor(
        int shortest, int height, int width, double factor, List<Double> mean, List<Double> std) {

    private static final List<Double> MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> STD = List.of(0.26862954, 0.26130258, 0.27577711);
    private static final int SIDE = 224;
    private static final int MOST_STRETCHED = 64;

    /** Copies the lists. */
    public ClipImageProcessor {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
    }

    /**
     * Reads {@code preprocessor_config.json} of a component folder.
     *
     * @throws IllegalArgumentException if a value is malformed or not supported, with its name
     */
    public static ClipImageProcessor read(Path folder) {
        return of(ComponentConfig.file(folder.resolve("preprocessor_config.json")));
    }

    /**
     * Understands settings.
     *
     * @throws IllegalArgumentException if a value is malformed or not supported, with its name
     */
    public static ClipImageProcessor of(ComponentConfig config) {
        List.of("do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_convert_rgb")
                .forEach(step -> config.requireOneOf(step, "true", "null"));
        config.requireOneOf("resample", "3", "null");
        ComponentConfig size = part(config, "size");
        ComponentConfig crop = part(config, "crop_size");
        ClipImageProcessor read = new ClipImageProcessor(
                size.count("shortest_edge", SIDE),
                crop.count("height", SIDE),
                crop.count("width", SIDE),
                config.number("rescale_factor", 1.0 / 255),
                config.has("image_mean") ? config.numbers("image_mean") : MEAN,
                config.has("image_std") ? config.numbers("image_std") : STD);
        if (read.height > read.shortest || read.width > read.shortest) {
            throw config.refused("crop_size", "at most size.shortest_edge: " + read.shortest);
        }
        if (read.mean.size() != Picture.CHANNELS) {
            throw config.refused("image_mean", "a list of three numbers");
        }
        if (read.std.size() != Picture.CHANNELS || read.std.stream().anyMatch(std -> std <= 0)) {
            throw config.refused("image_std", "a list of three numbers above 0");
        }
        return read;
    }

    /**
     * Prepares an image.
     *
     * @return f32, shape (1, 3, height, width)
     * @throws IllegalArgumentException if one side is more than 64 times the other
     */
    public NDArray apply(NDManager owner, Picture picture) {
        int shorter = Math.min(picture.width(), picture.height());
        int longer = Math.max(picture.width(), picture.height());
        if (longer > (long) MOST_STRETCHED * shorter) {
            throw new IllegalArgumentException("image is " + picture.width() + "x" + picture.height()
                    + ", allowed is a side of at most " + MOST_STRETCHED + " times the other");
        }
        int length = (int) ((double) shortest * longer / shorter);
        boolean upright = picture.height() >= picture.width();
        long[] resized = {upright ? length : shortest, upright ? shortest : length};
        long[] cut = {(resized[0] - height) / 2, (resized[1] - width) / 2, height, width};
        try (NDArray levels = picture.levels(owner);
                NDArray centre = vector(owner, mean);
                NDArray spread = vector(owner, std)) {
            boolean resize = shorter != shortest;
            return Arrays.keep(
                    Picture.KERNELS.call(owner, "prepared", levels, resized, cut, centre, spread, factor, resize),
                    owner);
        }
    }

    private static NDArray vector(NDManager owner, List<Double> values) {
        return owner.create(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static ComponentConfig part(ComponentConfig config, String field) {
        return config.has(field)
                ? ComponentConfig.of(
                        config.source() + ": " + field, config.json().get(field))
                : ComponentConfig.of(config.source() + ": " + field, JsonNodeFactory.instance.objectNode());
    }
}
