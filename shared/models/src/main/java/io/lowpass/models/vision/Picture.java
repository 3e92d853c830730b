package io.lowpass.models.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import java.nio.ByteBuffer;

/**
 * An image in memory.
 *
 * @param width pixels
 * @param height pixels
 * @param rgb levels, row by row, three a pixel; not copied, and not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // pictures are never compared, and large
public record Picture(int width, int height, byte[] rgb) {

    static final int CHANNELS = 3;

    static final Kernels KERNELS = Kernels.compile(Picture.class, "vision.torchscript");

    /** Checks that there is a pixel, and as many levels as there should be. */
    public Picture {
        if (width < 1 || height < 1 || rgb.length != (long) CHANNELS * width * height) {
            throw new IllegalArgumentException(
                    "an image of " + width + "x" + height + " with " + rgb.length + " levels is none");
        }
    }

    /**
     * The image of an array.
     *
     * @param levels uint8, shape (3, height, width)
     */
    public static Picture of(NDArray levels) {
        Shape shape = levels.getShape();
        if (shape.dimension() != CHANNELS || shape.get(0) != CHANNELS) {
            throw new IllegalArgumentException("image has shape " + shape + ", allowed is (3, height, width)");
        }
        try (NDArray interleaved = KERNELS.call(levels.getManager(), "interleaved", levels)) {
            return new Picture((int) shape.get(2), (int) shape.get(1), interleaved.toByteArray());
        }
    }

    /** Levels, uint8, shape (1, 3, height, width). */
    public NDArray levels(NDManager owner) {
        try (NDArray interleaved =
                owner.create(ByteBuffer.wrap(rgb), new Shape(height, width, CHANNELS), DataType.UINT8)) {
            return Arrays.keep(KERNELS.call(owner, "planes", interleaved), owner);
        }
    }

    /** What a video autoencoder takes: -1 to 1, f32, shape (1, 3, height, width). */
    public NDArray frame(NDManager owner) {
        try (NDArray levels = levels(owner)) {
            return Arrays.keep(KERNELS.call(owner, "centred", levels), owner);
        }
    }

    /**
     * The image in another size, as diffusers' pipelines make it of an image that does not have the video's size; a
     * different ratio of the sides stretches it.
     */
    public Picture resized(int newWidth, int newHeight) {
        return newWidth == width && newHeight == height ? this : Lanczos.resized(this, newWidth, newHeight);
    }
}
