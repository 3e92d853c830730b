package io.lowpass.models.hunyuan;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One branch's run through a {@link HunyuanTransformer}: double blocks, then single ones, as one list. */
final class HunyuanPass implements ForwardPass {

    private final HunyuanStep step;
    private final HunyuanConditioning prompt;
    private final NDArray conditioning;
    private final NDArray mask;
    private @Nullable Features input;

    HunyuanPass(HunyuanStep step, HunyuanConditioning prompt) {
        this.step = step;
        this.prompt = prompt;
        this.conditioning = call("sum", step.time(), prompt.pooled());
        this.mask = step.transformer()
                .jointMask(step.latents().getManager(), prompt, step.grid().tokens());
    }

    @Override
    public Features input() {
        Features known = input;
        if (known == null) {
            known = Features.of(step.tokens(), refined());
            input = known;
        }
        return known;
    }

    @Override
    public NDArray signal(Signal kind) {
        HunyuanLayout.Block first = block(0);
        return switch (kind) {
            case INPUT ->
                call(
                        "modulated",
                        step.tokens(),
                        call("modulation", conditioning, first.video().modulation()),
                        0);
            case TIME -> step.time();
            case TIME_PROJECTION ->
                call("modulation", step.time(), first.video().modulation());
        };
    }

    @Override
    public int depth() {
        return step.transformer().depth();
    }

    @Override
    public Features block(int index, Features features, SubLayers subLayers) {
        HunyuanLayout.Block block = block(index);
        NDArray video = features.video();
        NDArray text = features.text().orElseThrow();
        if (subLayers == SubLayers.COMPUTE) {
            return whole(block, video, text);
        }
        NDArray videoModulation = call("modulation", conditioning, block.video().modulation());
        NDArray textModulation = call("modulation", conditioning, block.text().modulation());
        Features attention = subLayers.apply(
                SubLayer.SELF_ATTENTION,
                () -> features(callAll(
                        "self_attention",
                        video,
                        text,
                        List.of(videoModulation, textModulation),
                        block.video().attention(),
                        block.text().attention(),
                        step.turns(),
                        mask,
                        heads())));
        List<NDArray> modulations = List.of(videoModulation, textModulation);
        Features out = block.single()
                ? side(block, features, attention, modulations, subLayers)
                : after(block, features, attention, modulations, subLayers);
        videoModulation.close();
        textModulation.close();
        return out;
    }

    private Features whole(HunyuanLayout.Block block, NDArray video, NDArray text) {
        return features(callAll(
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
                step.turns(),
                mask,
                heads()));
    }

    @Override
    public NDArray head(Features features) {
        HunyuanTransformer transformer = step.transformer();
        return call(
                "head",
                features.video(),
                step.latents(),
                conditioning,
                transformer.weights().out(),
                step.grid().sizes(),
                step.grid().patchSizes());
    }

    /** The feed-forward layer after the attention, each with a gate of its own. */
    private Features after(
            HunyuanLayout.Block block,
            Features features,
            Features attention,
            List<NDArray> modulations,
            SubLayers subLayers) {
        Features attended = gated(features, attention, modulations, 2);
        Features forward =
                subLayers.apply(SubLayer.FEED_FORWARD, () -> features(feedForward(block, attended, modulations, 3)));
        Features out = gated(attended, forward, modulations, 5);
        attended.free();
        return out;
    }

    /** The feed-forward layer beside the attention, under one gate. */
    private Features side(
            HunyuanLayout.Block block,
            Features features,
            Features attention,
            List<NDArray> modulations,
            SubLayers subLayers) {
        Features forward =
                subLayers.apply(SubLayer.FEED_FORWARD, () -> features(feedForward(block, features, modulations, 0)));
        Features both = attention.plus(forward);
        Features out = gated(features, both, modulations, 2);
        both.free();
        return out;
    }

    private List<NDArray> feedForward(
            HunyuanLayout.Block block, Features features, List<NDArray> modulations, int shift) {
        return List.of(
                call(
                        "feed_forward",
                        features.video(),
                        modulations.get(0),
                        block.video().feedForward(),
                        shift),
                call(
                        "feed_forward",
                        features.text().orElseThrow(),
                        modulations.get(1),
                        block.text().feedForward(),
                        shift));
    }

    private Features gated(Features features, Features contribution, List<NDArray> modulations, int gate) {
        return Features.of(
                call("gated", features.video(), contribution.video(), modulations.get(0), gate),
                call(
                        "gated",
                        features.text().orElseThrow(),
                        contribution.text().orElseThrow(),
                        modulations.get(1),
                        gate));
    }

    /** The prompt's tokens at this time. */
    private NDArray refined() {
        NDArray time = call("sum", step.textTime(), prompt.summary());
        List<HunyuanLayout.Refiner> refiners = step.transformer().weights().refiners();
        NDArray x = prompt.words();
        for (int i = 0; i < refiners.size(); i++) {
            NDArray attention = i == 0
                    ? prompt.attention().get(0)
                    : call("refiner_attention", x, refiners.get(i).attention(), prompt.refinerMask(), heads());
            x = call("refined", x, attention, time, refiners.get(i).rest());
        }
        // A copy where nothing was refined: what flows through the blocks may be freed.
        return refiners.isEmpty() ? call("copied", x) : x;
    }

    private HunyuanLayout.Block block(int index) {
        return step.transformer().weights().blocks().get(index);
    }

    private int heads() {
        return step.transformer().config().heads();
    }

    private static Features features(List<NDArray> streams) {
        return Features.of(streams.get(0), streams.get(1));
    }

    private NDArray call(String kernel, Object... arguments) {
        return HunyuanTransformer.KERNELS.call(step.latents().getManager(), kernel, arguments);
    }

    private List<NDArray> callAll(String kernel, Object... arguments) {
        return HunyuanTransformer.KERNELS.callAll(step.latents().getManager(), kernel, arguments);
    }
}
