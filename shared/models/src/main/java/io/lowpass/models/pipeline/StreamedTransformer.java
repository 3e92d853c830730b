package io.lowpass.models.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.tensor.ReadAhead;

/** A transformer, or one of several experts, whose weights stay in their files: while one block computes, the next is read. */
final class StreamedTransformer extends ForwardingTransformer implements Streamed {

    private final VideoTransformer transformer;
    private final ReadAhead files;

    /** Joins what belongs together; both are closed with this object. */
    StreamedTransformer(VideoTransformer transformer, ReadAhead files) {
        this.transformer = transformer;
        this.files = files;
    }

    @Override
    public long bytesPerPass() {
        return files.streamedBytes();
    }

    @Override
    protected VideoTransformer target() {
        return transformer;
    }

    @Override
    public Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec) {
        return transformer.condition(memory, prompt, spec);
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        EmbeddedStep step = transformer.embed(latents, timestep, spec);
        return conditioning -> new Pass(step.pass(conditioning));
    }

    @Override
    public void close() {
        files.close();
        transformer.close();
    }

    private final class Pass implements ForwardPass {

        private final ForwardPass pass;

        Pass(ForwardPass pass) {
            this.pass = pass;
        }

        @Override
        public Features input() {
            return pass.input();
        }

        @Override
        public NDArray signal(Signal kind) {
            return pass.signal(kind);
        }

        @Override
        public int depth() {
            return pass.depth();
        }

        @Override
        public Features block(int index, Features features, SubLayers subLayers) {
            files.use(index);
            return pass.block(index, features, subLayers);
        }

        @Override
        public NDArray head(Features features) {
            return pass.head(features);
        }
    }
}
