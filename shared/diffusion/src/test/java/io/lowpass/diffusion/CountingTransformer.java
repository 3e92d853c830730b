package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A transformer that can be worked out by hand: the embedding is the latents, each block adds the prompt's number once in
 * each of two sub-layers, the head is the identity. It writes down what it was asked.
 */
final class CountingTransformer implements VideoTransformer {

    private record Number(float value) implements Conditioning {}

    private final int depth;
    private final List<String> asked = new ArrayList<>();

    CountingTransformer(int depth) {
        this.depth = depth;
    }

    List<String> asked() {
        return asked;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public Set<SubLayer> subLayers() {
        return Set.of(SubLayer.SELF_ATTENTION, SubLayer.FEED_FORWARD);
    }

    @Override
    public List<Integer> patch() {
        return List.of(1, 1, 1);
    }

    @Override
    public Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec) {
        asked.add("condition");
        return new Number(prompt.states().getFloat());
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        asked.add("embed");
        return conditioning -> new Pass(latents, (Number) conditioning);
    }

    @Override
    public void close() {
        asked.add("close");
    }

    private final class Pass implements ForwardPass {

        private final NDArray latents;
        private final Number number;

        Pass(NDArray latents, Number number) {
            this.latents = latents;
            this.number = number;
        }

        @Override
        public Features input() {
            return Features.of(latents.reshape(1, latents.size(), 1));
        }

        @Override
        public NDArray signal(Signal kind) {
            return latents.mul(2);
        }

        @Override
        public int depth() {
            return depth;
        }

        @Override
        public Features block(int index, Features features, SubLayers subLayers) {
            asked.add("block " + index);
            Features attended = features.plus(subLayers.apply(SubLayer.SELF_ATTENTION, this::added));
            return attended.plus(subLayers.apply(SubLayer.FEED_FORWARD, this::added));
        }

        private Features added() {
            NDManager manager = latents.getManager();
            return Features.of(
                    manager.full(latents.reshape(1, latents.size(), 1).getShape(), number.value()));
        }

        @Override
        public NDArray head(Features features) {
            return features.video().reshape(latents.getShape());
        }
    }
}
