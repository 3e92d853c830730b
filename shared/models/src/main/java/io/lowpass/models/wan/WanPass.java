package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.models.transformer.EmbeddedVideo;
import io.lowpass.models.transformer.ResidualSubLayer;
import io.lowpass.models.transformer.TokenPass;
import java.util.List;

/** One branch's run through a {@link WanTransformer}. */
final class WanPass extends TokenPass<WanTransformer> {

    private static final int ATTENTION_GATE = 2;
    private static final int FEED_FORWARD_GATE = 5;

    private final WanConditioning prompt;
    private final double epsilon;

    WanPass(WanTransformer transformer, EmbeddedVideo video, WanConditioning prompt) {
        super(transformer, video);
        this.prompt = prompt;
        this.epsilon = transformer.config().epsilon();
    }

    @Override
    protected NDArray modulatedInput() {
        return call("signal", video().tokens(), modulation(0), epsilon);
    }

    @Override
    public Features block(int index, Features features, SubLayers subLayers) {
        WanLayout.Block block = transformer().weights().blocks().get(index);
        List<NDArray> context = prompt.blocks().get(index);
        try (NDArray modulation = modulation(index)) {
            return subLayers == SubLayers.COMPUTE
                    ? one(
                            "block",
                            features.video(),
                            block.selfAttention(),
                            block.norm(),
                            block.crossAttention(),
                            block.feedForward(),
                            modulation,
                            video().rotary(),
                            context,
                            epsilon)
                    : ResidualSubLayer.run(subLayers, features, subLayers(block, context, modulation));
        }
    }

    private List<ResidualSubLayer> subLayers(WanLayout.Block block, List<NDArray> context, NDArray modulation) {
        return List.of(
                new ResidualSubLayer(
                        SubLayer.SELF_ATTENTION,
                        x -> one(
                                "self_attention",
                                x.video(),
                                block.selfAttention(),
                                modulation,
                                video().rotary(),
                                epsilon),
                        (x, y) -> gated(x, y, modulation, ATTENTION_GATE)),
                new ResidualSubLayer(
                        SubLayer.CROSS_ATTENTION,
                        x -> one("cross_attention", x.video(), block.norm(), block.crossAttention(), context, epsilon),
                        (x, y) -> one("sum", x.video(), y.video())),
                new ResidualSubLayer(
                        SubLayer.FEED_FORWARD,
                        x -> one("feed_forward", x.video(), block.feedForward(), modulation, epsilon),
                        (x, y) -> gated(x, y, modulation, FEED_FORWARD_GATE)));
    }

    @Override
    public NDArray head(Features features) {
        return head(features, video().headModulation(), transformer().weights().out(), epsilon);
    }
}
