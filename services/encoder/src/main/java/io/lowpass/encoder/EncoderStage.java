package io.lowpass.encoder;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.Topics;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.streaming.Ending;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.PipelineStage;
import io.lowpass.streaming.StreamHead;
import io.lowpass.streaming.StreamSession;
import io.lowpass.tensor.Opening;
import io.lowpass.tensor.TorchThreads;
import io.lowpass.video.H264;
import org.jboss.logging.Logger;

/** Turns latents into the fragments of an MP4. */
public final class EncoderStage implements PipelineStage {

    private static final Logger LOG = Logger.getLogger(EncoderStage.class);

    private final Autoencoders autoencoders;
    private final MemoryBudget memory;
    private final TorchThreads threads;
    private final EventPublisher publisher;
    private final EncoderMetrics metrics;
    private final H264 codec = H264.best();

    /**
     * Opens no VAE yet.
     *
     * @param memory memory budget of decoding
     */
    public EncoderStage(
            Autoencoders autoencoders,
            MemoryBudget memory,
            TorchThreads threads,
            EventPublisher publisher,
            EncoderMetrics metrics) {
        this.autoencoders = autoencoders;
        this.memory = memory;
        this.threads = threads;
        this.publisher = publisher;
        this.metrics = metrics;
        LOG.infof("Videos are encoded by %s", codec.libavName());
    }

    @Override
    public StreamSession open(StreamHead head) {
        // Engine settings are per thread, and any worker may call this.
        threads.prepare();
        Job job = head.job();
        VideoVae vae = autoencoders.of(job.model());
        long needed = autoencoders.decoding(job.model(), FrameDecoder.covered(job.size(), vae));
        try (Opening opening = new Opening()) {
            MemoryBudget.Reservation room = memory.reserve(needed, job);
            opening.opened(room::close);
            EncodingSession session = new EncodingSession(head, vae, codec, publisher, metrics, room);
            LOG.infof("Attempt %d: %d frames of %s", head.attempt(), job.numFrames(), job.size());
            return opening.done(session);
        }
    }

    @Override
    public void ended(String jobId, int attempt, Ending ending, String reason) {
        metrics.ended(ending);
        LOG.infof("Attempt %d %s %s", attempt, ending, reason);
        if (ending.concernsDownstream()) {
            publisher.send(Topics.MEDIA, Chunk.abort(jobId, attempt, reason)).join();
        }
    }
}
