package io.lowpass.sampler;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.Chunks;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobRun;
import io.lowpass.generation.Latents;
import io.lowpass.streaming.StageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

/**
 * Splits latents into chunks, one latent frame after another: f32, little-endian, (channels, height, width), normalised
 * as the sampler leaves them.
 */
final class LatentFrames {

    private final Job job;
    private final JobRun run;
    private final float[] values;
    private final int channels;
    private final int count;
    private final int height;
    private final int width;
    private final Map<String, String> attributes;

    /**
     * Copies the latents.
     *
     * @param taken when the worker received the job
     * @throws StageException if a value is not finite, since no decoder could handle it
     */
    LatentFrames(Job job, JobRun run, Instant taken, Latents latents) {
        this.job = job;
        this.run = run;
        this.values = latents.frames().toFloatArray();
        long[] shape = latents.frames().getShape().getShape();
        this.channels = (int) shape[1];
        this.count = (int) shape[2];
        this.height = (int) shape[3];
        this.width = (int) shape[4];
        Map<String, Long> timings = new TreeMap<>(latents.timings());
        timings.put("queued", Duration.between(job.requestedAt(), taken).toMillis());
        this.attributes = Map.of(
                Chunk.JOB, EventJson.text(job.withoutImages()),
                Chunk.TIMINGS, EventJson.text(timings),
                Chunk.STEPS, EventJson.text(latents.steps()));
        requireFinite();
    }

    private void requireFinite() {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw StageException.permanent(
                        "MODEL.NOT_FINITE", "the latents hold " + value + ": the model overflows in this precision");
            }
        }
    }

    /** Sends all frames and waits for the acknowledgements; stops between frames if the lease is lost. */
    void sendBy(JobPublisher publisher, RecordLease lease) {
        for (int frame = 0; frame < count; frame++) {
            if (lease.isLost()) {
                throw new CancellationException("lost at latent frame " + frame);
            }
            chunks(frame).forEach(chunk -> publisher.latents(chunk.inRun(Integer.toString(run.run()))));
        }
        publisher.awaitAll();
    }

    private List<Chunk> chunks(int frame) {
        Chunk whole = new Chunk(
                ChunkKind.LATENTS,
                job.jobId(),
                run.attempt(),
                frame,
                count,
                0,
                1,
                List.of((long) channels, (long) height, (long) width),
                "f32",
                0,
                frame == 0 ? attributes : Map.of(),
                ByteBuffer.allocate(0));
        return Chunks.split(whole, bytes(frame));
    }

    private ByteBuffer bytes(int frame) {
        int plane = height * width;
        ByteBuffer bytes = ByteBuffer.allocate(channels * plane * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = bytes.asFloatBuffer();
        for (int channel = 0; channel < channels; channel++) {
            floats.put(values, (channel * count + frame) * plane, plane);
        }
        return bytes;
    }
}
