package io.lowpass.contracts;

import java.util.List;
import java.util.Map;

/**
 * A piece of a binary stream: a part of one latent frame on {@link Topics#LATENTS}, or one MP4 fragment on
 * {@link Topics#MEDIA}. Everything but the payload travels in record headers.
 *
 * @param kind latents, media, or abort (the stream ends here, with no payload; the reason is in {@code attributes})
 * @param attempt delivery of the job that the stream belongs to
 * @param index place in the stream: latent frame or fragment, from 0
 * @param count latent frames in all, or -1 while unknown (fragments: known at the last)
 * @param part place within the frame, from 0, when one record is too small
 * @param parts records of this frame
 * @param shape of the whole frame, for latents: channels, height, width
 * @param dtype of the numbers, for latents: f32
 * @param crc CRC-32C of the payload
 * @param attributes what later services need besides: the job as JSON on the first chunk, timings, frames in a fragment
 * @param payload the bytes, from position to limit, at most {@link #MAX_PAYLOAD}
 */
public record Chunk(
        String kind,
        String jobId,
        int attempt,
        int index,
        int count,
        int part,
        int parts,
        List<Long> shape,
        String dtype,
        long crc,
        Map<String, String> attributes,
        java.nio.ByteBuffer payload) {

    /** Attribute of a stream's first chunk: the {@link Job} as JSON. */
    public static final String JOB = "job";

    /** Attribute of a stream's first chunk: milliseconds by stage so far, a JSON object: queued, text, denoise. */
    public static final String TIMINGS = "timings";

    /** Attribute of a stream's first chunk: {@link JobEvent.StepCounts} as JSON. */
    public static final String STEPS = "steps";

    /** Attribute of an abort: why the stream ends. */
    public static final String REASON = "reason";

    /** Most bytes in one record: fits Kafka's default limit of 1 MiB with its headers. */
    public static final int MAX_PAYLOAD = 900_000;
}
