package io.lowpass.testing;

import static io.lowpass.diffusion.blocks.SubLayer.CROSS_ATTENTION;
import static io.lowpass.diffusion.blocks.SubLayer.FEED_FORWARD;
import static io.lowpass.diffusion.blocks.SubLayer.SELF_ATTENTION;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.TransformerCost;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A toy model with one stream: self-attention, cross-attention to the prompt, feed-forward. */
public final class ToyWan extends ToyTransformer {

    private record Block(List<NDArray> self, List<NDArray> cross, List<NDArray> feedForward) {}

    private record Text(NDArray states) implements Conditioning {}

    private final NDArray in;
    private final NDArray out;
    private final List<Block> blocks;

    public ToyWan(NDManager parent, int depth) {
        super(parent, depth);
        in = layers.weight(4 * CHANNELS, WIDTH);
        out = layers.weight(WIDTH, 4 * CHANNELS);
        blocks = IntStream.range(0, depth)
                .mapToObj(i -> new Block(squares(4), squares(4), squares(2)))
                .toList();
    }

    private List<NDArray> squares(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> layers.weight(WIDTH, WIDTH))
                .toList();
    }

    @Override
    public TransformerCost cost() {
        return TransformerCost.crossAttending(depth(), WIDTH, WIDTH, TEXT, 4 * CHANNELS);
    }

    @Override
    public Set<SubLayer> subLayers() {
        return Set.of(SELF_ATTENTION, CROSS_ATTENTION, FEED_FORWARD);
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.INPUT, Signal.TIME);
    }

    @Override
    public Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec) {
        return new Text(prompt.states());
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        NDArray patches = ToyLayers.patches(latents);
        NDArray time = ToyLayers.time(latents.getManager(), timestep, WIDTH);
        return conditioning ->
                new Pass(layers.linear(patches, in), time, ((Text) conditioning).states(), latents.getShape());
    }

    private final class Pass implements ForwardPass {

        private final NDArray tokens;
        private final NDArray time;
        private final NDArray prompt;
        private final Shape shape;

        Pass(NDArray tokens, NDArray time, NDArray prompt, Shape shape) {
            this.tokens = tokens;
            this.time = time;
            this.prompt = prompt;
            this.shape = shape;
        }

        @Override
        public Features input() {
            return Features.of(tokens);
        }

        @Override
        public NDArray signal(Signal kind) {
            return kind == Signal.TIME ? time : modulated(tokens);
        }

        @Override
        public int depth() {
            return blocks.size();
        }

        @Override
        public Features block(int index, Features features, SubLayers subLayers) {
            Block block = blocks.get(index);
            NDArray gate = time.add(0.2);
            NDArray x = features.video();
            Features self = subLayers.apply(SELF_ATTENTION, () -> selfAttention(block, x));
            NDArray y = x.add(self.video().mul(gate));
            Features cross = subLayers.apply(CROSS_ATTENTION, () -> crossAttention(block, y));
            NDArray z = y.add(cross.video());
            Features fed = subLayers.apply(FEED_FORWARD, () -> feedForward(block, z));
            return Features.of(z.add(fed.video().mul(gate)));
        }

        @Override
        public NDArray head(Features features) {
            return ToyLayers.latents(layers.linear(ToyLayers.norm(features.video()), out), shape);
        }

        private Features selfAttention(Block block, NDArray x) {
            NDArray input = modulated(x);
            return attend(block.self(), input, input);
        }

        private Features crossAttention(Block block, NDArray x) {
            return attend(block.cross(), ToyLayers.norm(x), prompt);
        }

        private Features attend(List<NDArray> weights, NDArray from, NDArray to) {
            NDArray attended = layers.attention(
                    layers.linear(from, weights.get(0)),
                    layers.linear(to, weights.get(1)),
                    layers.linear(to, weights.get(2)));
            return Features.of(layers.linear(attended, weights.get(3)));
        }

        private Features feedForward(Block block, NDArray x) {
            NDArray inner =
                    layers.linear(modulated(x), block.feedForward().get(0)).tanh();
            return Features.of(layers.linear(inner, block.feedForward().get(1)));
        }

        private NDArray modulated(NDArray x) {
            return ToyLayers.norm(x).mul(time.add(1)).add(time);
        }
    }
}
