package io.lowpass.models.cogvideox;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.Features;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.Signal;
import io.lowpass.diffusion.SubLayer;
import io.lowpass.diffusion.SubLayers;
import java.util.List;

/** One branch's run through a {@link CogVideoXTransformer}. */
final class CogVideoXPass implements ForwardPass {

    private static final int ATTENTION_GATES = 2;
    private static final int FEED_FORWARD_GATES = 8;

    private final CogVideoXStep step;
    private final NDArray text;
    private final double epsilon;
    private final boolean tanhGelu;

    CogVideoXPass(CogVideoXStep step, NDArray text) {
        this.step = step;
        this.text = text;
        this.epsilon = step.transformer().config().blocks().epsilon();
        this.tanhGelu = step.transformer().config().blocks().tanhGelu();
    }

    @Override
    public Features input() {
        return Features.of(step.tokens(), text);
    }

    @Override
    public NDArray signal(Signal kind) {
        return switch (kind) {
            case INPUT -> step.call("signal", step.tokens(), modulation(0), epsilon);
            case TIME -> step.time();
            case TIME_PROJECTION -> modulation(0);
        };
    }

    @Override
    public int depth() {
        return step.transformer().depth();
    }

    @Override
    public Features block(int index, Features features, SubLayers subLayers) {
        NDArray video = features.video();
        NDArray words = features.text().orElseThrow();
        CogVideoXLayout.Block block = step.transformer().weights().blocks().get(index);
        NDArray modulation = modulation(index);
        if (subLayers == SubLayers.COMPUTE) {
            Features out = both(
                    "block",
                    video,
                    words,
                    block.attention(),
                    block.feedForward(),
                    modulation,
                    step.turns(),
                    epsilon,
                    tanhGelu);
            modulation.close();
            return out;
        }
        Features attention = subLayers.apply(
                SubLayer.SELF_ATTENTION,
                () -> both("attention", video, words, block.attention(), modulation, step.turns(), epsilon));
        Features attended = gated(features, attention, modulation, ATTENTION_GATES);
        Features forward = subLayers.apply(
                SubLayer.FEED_FORWARD,
                () -> both(
                        "feed_forward",
                        attended.video(),
                        attended.text().orElseThrow(),
                        block.feedForward(),
                        modulation,
                        epsilon,
                        tanhGelu));
        Features out = gated(attended, forward, modulation, FEED_FORWARD_GATES);
        attended.free();
        modulation.close();
        return out;
    }

    @Override
    public NDArray head(Features features) {
        CogVideoXTransformer transformer = step.transformer();
        return step.call(
                "head",
                features.video(),
                step.latents(),
                step.headModulation(),
                transformer.weights().out(),
                step.grid().sizes(),
                step.grid().patchSizes(),
                epsilon);
    }

    private NDArray modulation(int block) {
        return step.modulations().get(block);
    }

    private Features gated(Features features, Features added, NDArray modulation, int row) {
        return both(
                "gated_both",
                features.video(),
                features.text().orElseThrow(),
                added.video(),
                added.text().orElseThrow(),
                modulation,
                row);
    }

    private Features both(String kernel, Object... arguments) {
        List<NDArray> streams =
                CogVideoXTransformer.KERNELS.callAll(step.latents().getManager(), kernel, arguments);
        return Features.of(streams.get(0), streams.get(1));
    }
}
