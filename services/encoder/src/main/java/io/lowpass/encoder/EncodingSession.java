package io.lowpass.encoder;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Size;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.streaming.Frame;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.StreamHead;
import io.lowpass.streaming.StreamSession;
import io.lowpass.video.Fragment;
import io.lowpass.video.H264;
import io.lowpass.video.Mp4StreamEncoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One video: each latent frame is decoded, encoded and sent before the next. */
final class EncodingSession implements StreamSession {

    private final StreamHead head;
    private final EventPublisher publisher;
    private final EncoderMetrics metrics;
    private final MediaPublisher media;
    private final MemoryBudget.Reservation memory;
    private final FrameDecoder decoder;
    private final Mp4StreamEncoder encoder;
    private CompletableFuture<Boolean> told = CompletableFuture.completedFuture(true);
    private long busyNanos;

    /** Holds its memory reservation until it is closed. */
    EncodingSession(
            StreamHead head,
            VideoVae vae,
            H264 codec,
            EventPublisher publisher,
            EncoderMetrics metrics,
            MemoryBudget.Reservation memory) {
        this.head = head;
        this.memory = memory;
        this.publisher = publisher;
        this.metrics = metrics;
        Size size = FrameDecoder.covered(head.job().size(), vae);
        media = new MediaPublisher(publisher, head, size);
        encoder = new Mp4StreamEncoder(codec, VideoTags.format(head.job(), size));
        decoder = new FrameDecoder(vae, head.job());
    }

    @Override
    public void accept(Frame frame) {
        long start = System.nanoTime();
        if (frame.index() == 0) {
            metrics.bytes(media.send(encoder.start()));
        }
        List<ByteBuffer> pictures = decoder.decode(frame);
        long decoded = lap("decode", start);
        pictures.forEach(encoder::write);
        List<Fragment> fragments = encoder.cut();
        long encoded = lap("encode", decoded);
        metrics.bytes(media.send(fragments));
        metrics.frames(pictures.size());
        busyNanos += lap("publish", encoded) - start;
        report(frame, System.nanoTime() - start);
    }

    private long lap(String stage, long since) {
        long now = System.nanoTime();
        metrics.stage(stage, Duration.ofNanos(now - since));
        return now;
    }

    private void report(Frame frame, long nanos) {
        int done = frame.index() + 1;
        double left = (double) busyNanos / done * (frame.count() - done);
        told = publisher
                .send(new JobEvent.Progress(
                        head.jobId(),
                        head.attempt(),
                        Instant.now(),
                        JobEvent.Stage.DECODE,
                        done,
                        frame.count(),
                        (double) done / frame.count(),
                        nanos / 1e6,
                        left / 1e6,
                        Optional.empty()))
                .handle((sent, error) -> {
                    metrics.progress(error == null);
                    return error == null;
                });
    }

    @Override
    public void complete() {
        Job job = head.job();
        if (encoder.frames() != job.numFrames()) {
            throw new IllegalArgumentException(
                    "the latents decode to " + encoder.frames() + " frames, the job has " + job.numFrames());
        }
        // No progress may follow the end of the job.
        told.join();
        Map<String, Long> timings = Map.of("decode", Duration.ofNanos(busyNanos).toMillis());
        metrics.bytes(media.sendLast(encoder.finish(), Map.of(Chunk.TIMINGS, EventJson.text(timings))));
    }

    @Override
    public void close() {
        try (memory;
                encoder) {
            decoder.close();
        }
    }
}
