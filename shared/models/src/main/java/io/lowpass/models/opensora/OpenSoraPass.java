package io.lowpass.models.opensora;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.models.transformer.EmbeddedVideo;
import io.lowpass.models.transformer.ResidualSubLayer;
import io.lowpass.models.transformer.TokenPass;
import java.util.List;

/** One branch's run through an {@link OpenSoraTransformer}. */
final class OpenSoraPass extends TokenPass<OpenSoraTransformer> {

    private static final int ATTENTION_GATE = 2;
    private static final int FEED_FORWARD_GATE = 5;

    private final OpenSoraConditioning prompt;

    OpenSoraPass(OpenSoraTransformer transformer, EmbeddedVideo video, OpenSoraConditioning prompt) {
        super(transformer, video);
        this.prompt = prompt;
    }

    @Override
    protected NDArray modulatedInput() {
        return call("signal", video().tokens(), modulation(0));
    }

    @Override
    public Features block(int index, Features features, SubLayers subLayers) {
        OpenSoraLayout.Block block = transformer().weights().blocks().get(index);
        NDArray x = features.video();
        try (NDArray modulation = modulation(index)) {
            if (subLayers != SubLayers.COMPUTE) {
                return ResidualSubLayer.run(subLayers, features, subLayers(index, block, modulation));
            }
            try (NDArray attention = attention(isSpatial(index), x, block.attention(), modulation)) {
                return one(
                        "rest",
                        x,
                        attention,
                        block.crossAttention(),
                        block.feedForward(),
                        modulation,
                        prompt.keys().get(index),
                        prompt.values().get(index));
            }
        }
    }

    private List<ResidualSubLayer> subLayers(int index, OpenSoraLayout.Block block, NDArray modulation) {
        boolean spatial = isSpatial(index);
        NDArray keys = prompt.keys().get(index);
        NDArray values = prompt.values().get(index);
        return List.of(
                new ResidualSubLayer(
                        spatial ? SubLayer.SPATIAL_ATTENTION : SubLayer.TEMPORAL_ATTENTION,
                        x -> Features.of(attention(spatial, x.video(), block.attention(), modulation)),
                        (x, y) -> gated(x, y, modulation, ATTENTION_GATE)),
                new ResidualSubLayer(
                        SubLayer.CROSS_ATTENTION,
                        x -> one("cross_attention", x.video(), block.crossAttention(), keys, values),
                        (x, y) -> one("sum", x.video(), y.video())),
                new ResidualSubLayer(
                        SubLayer.FEED_FORWARD,
                        x -> one("feed_forward", x.video(), block.feedForward(), modulation),
                        (x, y) -> gated(x, y, modulation, FEED_FORWARD_GATE)));
    }

    /** The direction from data to noise, as schedulers take it. What the network itself says is the opposite. */
    @Override
    public NDArray head(Features features) {
        try (NDArray velocity = head(features, transformer().config().inChannels())) {
            return call("opposite", velocity);
        }
    }

    @Override
    protected NDArray wholeHead(Features features) {
        return head(features, transformer().config().outChannels());
    }

    /** The first channels of what the network says: the direction from noise to data. */
    private NDArray head(Features features, int channels) {
        return head(features, video().headModulation(), transformer().weights().out(), channels);
    }

    private NDArray attention(boolean spatial, NDArray x, List<NDArray> weights, NDArray modulation) {
        int heads = transformer().config().heads();
        return spatial
                ? call(
                        "spatial_attention",
                        x,
                        weights,
                        modulation,
                        video().rotary(),
                        heads,
                        video().grid().frames())
                : call("temporal_attention", x, weights, modulation, video().rotary(), heads);
    }

    private static boolean isSpatial(int block) {
        return block % 2 == 0;
    }
}
