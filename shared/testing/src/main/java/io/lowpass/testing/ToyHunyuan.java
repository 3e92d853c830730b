package io.lowpass.testing;

import static io.lowpass.diffusion.blocks.SubLayer.FEED_FORWARD;
import static io.lowpass.diffusion.blocks.SubLayer.SELF_ATTENTION;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
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

/** A toy model with two streams: joint attention of text and video, both of which pass through the blocks. */
public final class ToyHunyuan extends ToyTransformer {

    private record Stream(NDArray q, NDArray k, NDArray v, NDArray o, NDArray up, NDArray down) {}

    private record Block(Stream video, Stream text) {}

    private record Text(NDArray states) implements Conditioning {}

    private final NDArray in;
    private final NDArray out;
    private final List<Block> blocks;

    public ToyHunyuan(NDManager parent, int depth) {
        super(parent, depth);
        in = layers.weight(4 * CHANNELS, WIDTH);
        out = layers.weight(WIDTH, 4 * CHANNELS);
        blocks = IntStream.range(0, depth)
                .mapToObj(i -> new Block(stream(), stream()))
                .toList();
    }

    private Stream stream() {
        return new Stream(
                layers.weight(WIDTH, WIDTH),
                layers.weight(WIDTH, WIDTH),
                layers.weight(WIDTH, WIDTH),
                layers.weight(WIDTH, WIDTH),
                layers.weight(WIDTH, 4 * WIDTH),
                layers.weight(4 * WIDTH, WIDTH));
    }

    @Override
    public TransformerCost cost() {
        return TransformerCost.jointlyAttending(depth(), WIDTH, TEXT, 4 * CHANNELS);
    }

    @Override
    public Set<SubLayer> subLayers() {
        return Set.of(SELF_ATTENTION, FEED_FORWARD);
    }

    @Override
    public Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec) {
        return new Text(prompt.states());
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        NDArray patches = ToyLayers.patches(latents);
        NDArray scale = ToyLayers.time(latents.getManager(), timestep, WIDTH).add(1);
        return conditioning -> new Pass(
                Features.of(layers.linear(patches, in), ((Text) conditioning).states()), scale, latents.getShape());
    }

    private final class Pass implements ForwardPass {

        private final Features embedded;
        private final NDArray scale;
        private final Shape shape;

        Pass(Features embedded, NDArray scale, Shape shape) {
            this.embedded = embedded;
            this.scale = scale;
            this.shape = shape;
        }

        @Override
        public Features input() {
            return embedded;
        }

        @Override
        public NDArray signal(Signal kind) {
            return modulated(embedded.video());
        }

        @Override
        public int depth() {
            return blocks.size();
        }

        @Override
        public Features block(int index, Features features, SubLayers subLayers) {
            Block block = blocks.get(index);
            Features attended = features.plus(subLayers
                    .apply(SELF_ATTENTION, () -> jointAttention(block, features))
                    .times(0.5));
            return attended.plus(subLayers
                    .apply(FEED_FORWARD, () -> feedForward(block, attended))
                    .times(0.5));
        }

        @Override
        public NDArray head(Features features) {
            return ToyLayers.latents(layers.linear(ToyLayers.norm(features.video()), out), shape);
        }

        private Features jointAttention(Block block, Features features) {
            NDArray video = modulated(features.video());
            NDArray text = ToyLayers.norm(textOf(features));
            NDArray q = joined(
                    layers.linear(video, block.video().q()),
                    layers.linear(text, block.text().q()));
            NDArray k = joined(
                    layers.linear(video, block.video().k()),
                    layers.linear(text, block.text().k()));
            NDArray v = joined(
                    layers.linear(video, block.video().v()),
                    layers.linear(text, block.text().v()));
            NDList parts =
                    layers.attention(q, k, v).split(new long[] {video.getShape().get(1)}, 1);
            return Features.of(
                    layers.linear(parts.get(0), block.video().o()),
                    layers.linear(parts.get(1), block.text().o()));
        }

        private Features feedForward(Block block, Features features) {
            return Features.of(
                    widened(modulated(features.video()), block.video()),
                    widened(ToyLayers.norm(textOf(features)), block.text()));
        }

        private NDArray widened(NDArray x, Stream stream) {
            return layers.linear(layers.linear(x, stream.up()).tanh(), stream.down());
        }

        private NDArray modulated(NDArray x) {
            return ToyLayers.norm(x).mul(scale);
        }

        private static NDArray joined(NDArray video, NDArray text) {
            return video.concat(text, 1);
        }

        private static NDArray textOf(Features features) {
            return features.text().orElseThrow();
        }
    }
}
