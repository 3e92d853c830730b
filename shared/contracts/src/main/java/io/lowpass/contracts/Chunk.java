package io.lowpass.contracts;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A piece of a binary stream: a part of one latent frame on {@link Topics#LATENTS}, or one MP4 fragment on
 * {@link Topics#MEDIA}. Everything but the payload travels in record headers.
 *
 * @param kind latents, media, or abort (the stream ends here, with no payload; the reason is in {@code attributes})
 * @param attempt the attempt that produced the stream
 * @param index position in the stream, from 0: the latent frame or fragment
 * @param count number of latent frames, or -1 while unknown (for fragments: known in the last one)
 * @param part position within the frame, from 0, if the frame does not fit into one record
 * @param parts number of records of this frame
 * @param shape of the whole frame, for latents: channels, height, width
 * @param dtype of the numbers, for latents: f32
 * @param crc CRC-32C of the payload
 * @param attributes what later services need: the job as JSON in the first chunk, timings, frames in a fragment
 * @param payload the bytes, from position to limit, at most {@link #MAX_PAYLOAD}
 */
public record Chunk(
        ChunkKind kind,
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
        ByteBuffer payload) {

    /** Attribute of a stream's first chunk: the {@link Job} as JSON. */
    public static final String JOB = "job";

    /** Attribute of a stream's first chunk: milliseconds by stage so far, a JSON object: queued, text, denoise. */
    public static final String TIMINGS = "timings";

    /** Attribute of a stream's first chunk: {@link StepCounts} as JSON. */
    public static final String STEPS = "steps";

    /** Attribute of a file's first chunk: the {@link Size} of the video, which may be a little below the job's. */
    public static final String SIZE = "size";

    /**
     * Attribute of every chunk: the run of the sender, so that the bytes of two runs of an attempt never mix. If both
     * runs are numbers, the larger one is the later run.
     */
    public static final String RUN = "run";

    /** Attribute of an abort: why the stream ends. */
    public static final String REASON = "reason";

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    /** Most bytes in one record: fits Kafka's default limit of 1 MiB with its headers. */
    public static final int MAX_PAYLOAD = 900_000;

    /** Copies shape and attributes, and makes the payload read-only. */
    public Chunk {
        shape = List.copyOf(shape);
        attributes = Map.copyOf(attributes);
        payload = payload.asReadOnlyBuffer();
        if (payload.remaining() > MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "A chunk of " + payload.remaining() + " bytes; at most " + MAX_PAYLOAD + " fit a record");
        }
    }

    /** A view of the bytes with its own position. */
    @Override
    public ByteBuffer payload() {
        return payload.asReadOnlyBuffer();
    }

    /** CRC-32C of the bytes from position to limit. */
    public static long crcOf(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return crc.getValue();
    }

    /**
     * Splits one MP4 fragment into as many chunks as it needs.
     *
     * @param index index of the fragment, from 0
     * @param count number of fragments, or -1 while unknown
     */
    public static List<Chunk> media(
            String jobId, int attempt, int index, int count, Map<String, String> attributes, ByteBuffer bytes) {
        return Chunks.split(
                new Chunk(ChunkKind.MEDIA, jobId, attempt, index, count, 0, 1, List.of(), "u8", 0, attributes, EMPTY),
                bytes);
    }

    /** Ends a stream that will never be complete. */
    public static Chunk abort(String jobId, int attempt, String reason) {
        return new Chunk(
                ChunkKind.ABORT, jobId, attempt, 0, -1, 0, 1, List.of(), "u8", 0, Map.of(REASON, reason), EMPTY);
    }

    /** The same chunk, marked with its run. Every chunk is marked, since a reader may start at any of them. */
    public Chunk inRun(String run) {
        Map<String, String> marked = new HashMap<>(attributes);
        marked.put(RUN, run);
        return new Chunk(kind, jobId, attempt, index, count, part, parts, shape, dtype, crc, marked, payload);
    }
}
