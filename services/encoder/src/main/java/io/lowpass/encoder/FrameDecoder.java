package io.lowpass.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.vae.Pixels;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.streaming.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decodes one video from latent frames, as chunks carry them, to RGB frames. */
final class FrameDecoder implements AutoCloseable {

    private static final int CHANNELS = 3;
    private static final int RANK = 3;

    private final VideoVae vae;
    private final Size size;
    private final NDManager memory;
    private final VideoDecoding decoding;

    FrameDecoder(VideoVae vae, Job job) {
        this.vae = vae;
        Size asked = job.size();
        this.size = covered(asked, vae);
        memory = NDManager.newBaseManager(vae.device(), "PyTorch");
        decoding = vae.decode(
                new VideoSpec(asked.height(), asked.width(), job.numFrames(), job.fps(), job.guidanceScale()));
    }

    /** The size of the frames: the requested size, rounded down to whole latent cells. */
    static Size covered(Size asked, VideoVae vae) {
        int cell = vae.spatialFactor();
        return new Size(asked.width() / cell * cell, asked.height() / cell * cell);
    }

    /**
     * Decodes the next latent frame; the result may be empty.
     *
     * @param frame f32, little-endian, (channels, height, width), normalised
     * @return packed RGB, rows from top to bottom
     * @throws IllegalArgumentException if the latents do not match the VAE and the size of the video
     */
    List<ByteBuffer> decode(Frame frame) {
        try (NDManager local = memory.newSubManager()) {
            Optional<NDArray> decoded = decoding.next(local, latents(local, frame));
            if (decoded.isEmpty()) {
                return List.of();
            }
            NDArray levels = Pixels.levels(local, decoded.get());
            Shape shape = levels.getShape();
            if (shape.get(2) != size.height() || shape.get(3) != size.width()) {
                throw new IllegalArgumentException("latent frame " + frame.index() + " decodes to " + shape.get(3) + "x"
                        + shape.get(2) + ", the video is " + size);
            }
            NDArray pictures = Pixels.interleaved(local, levels).toDevice(Device.cpu(), false);
            return split(pictures.toByteBuffer(), (int) shape.get(0));
        }
    }

    private NDArray latents(NDManager local, Frame frame) {
        List<Long> shape = frame.shape();
        if (!frame.dtype().equals("f32") || shape.size() != RANK || shape.get(0) != vae.latentChannels()) {
            throw new IllegalArgumentException("latent frame " + frame.index() + " is " + frame.dtype() + " " + shape
                    + ", the autoencoder takes f32 [" + vae.latentChannels() + ", height, width]");
        }
        FloatBuffer numbers = frame.bytes().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        Shape whole = new Shape(1, shape.get(0), 1, shape.get(1), shape.get(2));
        if (whole.size() != numbers.remaining()) {
            throw new IllegalArgumentException("latent frame " + frame.index() + " has " + numbers.remaining()
                    + " numbers, its shape " + shape + " has " + whole.size());
        }
        return local.create(numbers, whole);
    }

    private List<ByteBuffer> split(ByteBuffer pictures, int count) {
        int bytes = size.width() * size.height() * CHANNELS;
        // Copied, since the buffer may belong to the array.
        ByteBuffer copy =
                ByteBuffer.allocate(pictures.remaining()).put(pictures).flip();
        List<ByteBuffer> frames = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            frames.add(copy.slice(i * bytes, bytes));
        }
        return frames;
    }

    @Override
    public void close() {
        decoding.close();
        memory.close();
    }
}
