package io.lowpass.encoder;

import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.Chunks;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.StepCounts;
import io.lowpass.streaming.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Latents as a sampler sends them: three latent frames, nine frames of 64x64. */
final class LatentSource {

    static final int CHANNELS = 16;
    static final int LATENT_FRAMES = 3;
    static final int FRAMES = 9;
    private static final int SIDE = 8;

    private LatentSource() {}

    static Job job(String jobId, String model) {
        return job(jobId, model, new Size(SIDE * 8, SIDE * 8));
    }

    static Job job(String jobId, String model, Size size) {
        return new Job(
                jobId,
                "a red ball — 猫",
                "",
                model,
                size,
                FRAMES,
                8,
                4,
                5,
                3,
                "euler",
                7,
                CacheSettings.NONE,
                new Output("videos", jobId + ".mp4"),
                Optional.empty(),
                Map.of(),
                Instant.parse("2026-01-01T00:00:00Z"),
                Map.of());
    }

    static List<Chunk> chunks(Job job, int attempt) {
        List<Chunk> chunks = new ArrayList<>();
        for (int index = 0; index < LATENT_FRAMES; index++) {
            chunks.addAll(Chunks.split(
                    new Chunk(
                            ChunkKind.LATENTS,
                            job.jobId(),
                            attempt,
                            index,
                            LATENT_FRAMES,
                            0,
                            1,
                            List.of((long) CHANNELS, (long) SIDE, (long) SIDE),
                            "f32",
                            0,
                            index == 0
                                    ? Map.of(
                                            Chunk.JOB, EventJson.text(job),
                                            Chunk.TIMINGS, "{\"denoise\":12}",
                                            Chunk.STEPS, EventJson.text(new StepCounts(4, 3, 1, 0)))
                                    : Map.of(),
                            ByteBuffer.allocate(0)),
                    bytes(index)));
        }
        return chunks;
    }

    static List<Frame> frames(Job job) {
        return chunks(job, 1).stream()
                .map(c -> new Frame(c.index(), c.count(), c.shape(), c.dtype(), c.attributes(), c.payload()))
                .toList();
    }

    private static ByteBuffer bytes(int index) {
        Random random = new Random(index);
        ByteBuffer bytes =
                ByteBuffer.allocate(CHANNELS * SIDE * SIDE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat((float) random.nextGaussian());
        }
        return bytes.flip();
    }
}
