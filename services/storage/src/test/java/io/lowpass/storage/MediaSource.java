package io.lowpass.storage;

import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.StepCounts;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Fragments as an encoder sends them, of random bytes. */
record MediaSource(Job job, int fragments, int bytes) {

    static final Instant REQUESTED = Instant.parse("2026-01-01T00:00:00Z");

    static MediaSource of(String jobId, int fragments, int bytes) {
        return new MediaSource(job(jobId, "videos"), fragments, bytes);
    }

    static Job job(String jobId, String bucket) {
        return job(jobId, new Output(bucket, "clips/" + jobId + ".mp4"), Map.of());
    }

    static Job job(String jobId, Output output, Map<String, String> metadata) {
        return job(jobId, output, metadata, REQUESTED);
    }

    static Job job(String jobId, Output output, Map<String, String> metadata, Instant requestedAt) {
        return new Job(
                jobId,
                "a ball",
                "",
                "demo",
                new Size(128, 64),
                9,
                8,
                4,
                5,
                3,
                "euler",
                7,
                CacheSettings.NONE,
                output,
                Optional.empty(),
                metadata,
                requestedAt,
                Map.of());
    }

    List<Chunk> chunks(int attempt) {
        List<Chunk> chunks = new ArrayList<>();
        for (int index = 0; index < fragments; index++) {
            boolean last = index == fragments - 1;
            chunks.addAll(Chunk.media(
                    job.jobId(),
                    attempt,
                    index,
                    last ? fragments : -1,
                    index == 0
                            ? Map.of(
                                    Chunk.JOB, EventJson.text(job),
                                    Chunk.TIMINGS, "{\"queued\":1,\"text\":2,\"denoise\":3}",
                                    Chunk.STEPS, EventJson.text(new StepCounts(4, 3, 1, 0)))
                            : last ? Map.of(Chunk.TIMINGS, "{\"decode\":4}") : Map.of(),
                    ByteBuffer.wrap(fragment(index, attempt))));
        }
        return chunks;
    }

    byte[] file(int attempt) {
        ByteBuffer file = ByteBuffer.allocate(fragments * bytes);
        for (int index = 0; index < fragments; index++) {
            file.put(fragment(index, attempt));
        }
        return file.array();
    }

    private byte[] fragment(int index, int attempt) {
        byte[] random = new byte[bytes];
        new Random(index * 31L + attempt).nextBytes(random);
        return random;
    }
}
