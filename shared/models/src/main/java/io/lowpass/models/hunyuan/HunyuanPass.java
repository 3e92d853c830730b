package io.lowpass.models.hunyuan;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.models.transformer.EmbeddedVideo;
import io.lowpass.models.transformer.ResidualSubLayer;
import io.lowpass.models.transformer.TokenPass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One branch's run through a {@link HunyuanTransformer}: double blocks, then single ones, as one list. */
final class HunyuanPass extends TokenPass<HunyuanTransformer> {

    private static final int ATTENTION_GATE = 2;
    private static final int FEED_FORWARD_SHIFT = 3;
    private static final int FEED_FORWARD_GATE = 5;

    private final HunyuanConditioning prompt;
    private final NDArray conditioning;
    private final NDArray mask;
    private final int heads;
    private @Nullable Features input;

    HunyuanPass(HunyuanTransformer transformer, EmbeddedVideo video, HunyuanConditioning prompt) {
        super(transformer, video);
        this.prompt = prompt;
        this.heads = transformer.config().heads();
        this.conditioning = call("sum", video.time().get(0), prompt.pooled());
        this.mask = transformer.jointMask(
                video.latents().getManager(), prompt, video.grid().tokens());
    }

    @Override
    public Features input() {
        Features known = input;
        if (known == null) {
            known = Features.of(video().tokens(), refined());
            input = known;
        }
        return known;
    }

    @Override
    public NDArray signal(Signal kind) {
        return kind == Signal.TIME_PROJECTION
                ? call("modulation", video().time().get(0), block(0).video().modulation())
                : super.signal(kind);
    }

    @Override
    protected NDArray modulatedInput() {
        NDArray modulation = call("modulation", conditioning, block(0).video().modulation());
        return call("modulated", video().tokens(), modulation, 0);
    }

    @Override
    public Features block(int index, Features features, SubLayers subLayers) {
        HunyuanLayout.Block block = block(index);
        if (subLayers == SubLayers.COMPUTE) {
            return whole(block, features.video(), features.text().orElseThrow());
        }
        try (NDArray video = call("modulation", conditioning, block.video().modulation());
                NDArray text = call("modulation", conditioning, block.text().modulation())) {
            List<NDArray> modulations = List.of(video, text);
            return block.single()
                    ? side(block, features, modulations, subLayers)
                    : ResidualSubLayer.run(subLayers, features, subLayers(block, modulations));
        }
    }

    private Features whole(HunyuanLayout.Block block, NDArray video, NDArray text) {
        return both(
                block.single() ? "single_block" : "double_block",
                video,
                text,
                conditioning,
                block.video().modulation(),
                block.video().attention(),
                block.video().feedForward(),
                block.text().modulation(),
                block.text().attention(),
                block.text().feedForward(),
                video().rotary(),
                mask,
                heads);
    }

    @Override
    public NDArray head(Features features) {
        return head(features, conditioning, transformer().weights().out());
    }

    /** Attention, then the feed-forward layer, each with a gate of its own. */
    private List<ResidualSubLayer> subLayers(HunyuanLayout.Block block, List<NDArray> modulations) {
        return List.of(
                new ResidualSubLayer(
                        SubLayer.SELF_ATTENTION,
                        x -> attention(block, x, modulations),
                        (x, y) -> gated(x, y, modulations, ATTENTION_GATE, ATTENTION_GATE)),
                new ResidualSubLayer(
                        SubLayer.FEED_FORWARD,
                        x -> feedForward(block, x, modulations, FEED_FORWARD_SHIFT),
                        (x, y) -> gated(x, y, modulations, FEED_FORWARD_GATE, FEED_FORWARD_GATE)));
    }

    /** The feed-forward layer beside the attention, under one gate. */
    private Features side(
            HunyuanLayout.Block block, Features features, List<NDArray> modulations, SubLayers subLayers) {
        Features attention = subLayers.apply(SubLayer.SELF_ATTENTION, () -> attention(block, features, modulations));
        Features forward = subLayers.apply(SubLayer.FEED_FORWARD, () -> feedForward(block, features, modulations, 0));
        Features sum = attention.plus(forward);
        Features out = gated(features, sum, modulations, ATTENTION_GATE, ATTENTION_GATE);
        sum.free();
        return out;
    }

    private Features attention(HunyuanLayout.Block block, Features features, List<NDArray> modulations) {
        return both(
                "self_attention",
                features.video(),
                features.text().orElseThrow(),
                modulations,
                block.video().attention(),
                block.text().attention(),
                video().rotary(),
                mask,
                heads);
    }

    private Features feedForward(HunyuanLayout.Block block, Features features, List<NDArray> modulations, int shift) {
        NDArray text = features.text().orElseThrow();
        return Features.of(
                call(
                        "feed_forward",
                        features.video(),
                        modulations.get(0),
                        block.video().feedForward(),
                        shift),
                call("feed_forward", text, modulations.get(1), block.text().feedForward(), shift));
    }

    /** The prompt's tokens at this time. */
    private NDArray refined() {
        NDArray time = call("sum", video().time().get(1), prompt.summary());
        List<HunyuanLayout.Refiner> refiners = transformer().weights().refiners();
        NDArray x = prompt.words();
        for (int i = 0; i < refiners.size(); i++) {
            NDArray attention = i == 0
                    ? prompt.attention().get(0)
                    : call("refiner_attention", x, refiners.get(i).attention(), prompt.refinerMask(), heads);
            x = call("refined", x, attention, time, refiners.get(i).rest());
        }
        // A copy where nothing was refined: what flows through the blocks may be freed.
        return refiners.isEmpty() ? call("copied", x) : x;
    }

    private HunyuanLayout.Block block(int index) {
        return transformer().weights().blocks().get(index);
    }
}
