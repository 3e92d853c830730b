package io.lowpass.models.cogvideox;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.models.transformer.EmbeddedVideo;
import io.lowpass.models.transformer.ResidualSubLayer;
import io.lowpass.models.transformer.TokenPass;
import java.util.List;

/** One branch's run through a {@link CogVideoXTransformer}. */
final class CogVideoXPass extends TokenPass<CogVideoXTransformer> {

    /** Rows of the video's gates; those of the text stand three rows below. */
    private static final int ATTENTION_GATE = 2;

    private static final int FEED_FORWARD_GATE = 8;
    private static final int TEXT = 3;

    private final NDArray text;
    private final double epsilon;
    private final boolean tanhGelu;

    CogVideoXPass(CogVideoXTransformer transformer, EmbeddedVideo video, NDArray text) {
        super(transformer, video);
        this.text = text;
        this.epsilon = transformer.config().blocks().epsilon();
        this.tanhGelu = transformer.config().blocks().tanhGelu();
    }

    @Override
    public Features input() {
        return Features.of(video().tokens(), text);
    }

    @Override
    public NDArray signal(Signal kind) {
        return kind == Signal.TIME_PROJECTION ? modulation(0) : super.signal(kind);
    }

    @Override
    protected NDArray modulatedInput() {
        return call("signal", video().tokens(), modulation(0), epsilon);
    }

    @Override
    public Features block(int index, Features features, SubLayers subLayers) {
        CogVideoXLayout.Block block = transformer().weights().blocks().get(index);
        try (NDArray modulation = modulation(index)) {
            return subLayers == SubLayers.COMPUTE
                    ? both(
                            "block",
                            features.video(),
                            features.text().orElseThrow(),
                            block.attention(),
                            block.feedForward(),
                            modulation,
                            video().rotary(),
                            epsilon,
                            tanhGelu)
                    : ResidualSubLayer.run(subLayers, features, subLayers(block, modulation));
        }
    }

    private List<ResidualSubLayer> subLayers(CogVideoXLayout.Block block, NDArray modulation) {
        return List.of(
                new ResidualSubLayer(
                        SubLayer.SELF_ATTENTION,
                        x -> both(
                                "attention",
                                x.video(),
                                x.text().orElseThrow(),
                                block.attention(),
                                modulation,
                                video().rotary(),
                                epsilon),
                        (x, y) -> gated(x, y, modulation, ATTENTION_GATE)),
                new ResidualSubLayer(
                        SubLayer.FEED_FORWARD,
                        x -> both(
                                "feed_forward",
                                x.video(),
                                x.text().orElseThrow(),
                                block.feedForward(),
                                modulation,
                                epsilon,
                                tanhGelu),
                        (x, y) -> gated(x, y, modulation, FEED_FORWARD_GATE)));
    }

    @Override
    protected Features gated(Features features, Features added, NDArray modulation, int gate) {
        return gated(features, added, List.of(modulation, modulation), gate, gate + TEXT);
    }

    @Override
    public NDArray head(Features features) {
        return head(features, video().headModulation(), transformer().weights().out(), epsilon);
    }
}
