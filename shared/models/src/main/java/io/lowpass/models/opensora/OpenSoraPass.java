package io.lowpass.models.opensora;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import java.util.List;

/** One branch's run through an {@link OpenSoraTransformer}. */
final class OpenSoraPass implements ForwardPass {

    private static final int ATTENTION_GATE = 2;
    private static final int FEED_FORWARD_GATE = 5;

    private final OpenSoraStep step;
    private final OpenSoraConditioning prompt;

    OpenSoraPass(OpenSoraStep step, OpenSoraConditioning prompt) {
        this.step = step;
        this.prompt = prompt;
    }

    @Override
    public int depth() {
        return step.transformer().depth();
    }

    @Override
    public Features input() {
        return Features.of(step.tokens());
    }

    @Override
    public NDArray signal(Signal kind) {
        return switch (kind) {
            case INPUT -> call("signal", step.tokens(), modulation(0));
            case TIME -> step.time().get(0);
            case TIME_PROJECTION -> step.time().get(1);
        };
    }

    @Override
    public Features block(int index, Features features, SubLayers subLayers) {
        NDArray x = features.video();
        OpenSoraLayout.Block block = step.transformer().weights().blocks().get(index);
        NDArray keys = prompt.keys().get(index);
        NDArray values = prompt.values().get(index);
        NDArray modulation = modulation(index);
        boolean spatial = index % 2 == 0;
        if (subLayers == SubLayers.COMPUTE) {
            NDArray attention = attention(spatial, x, block.attention(), modulation);
            NDArray out =
                    call("rest", x, attention, block.crossAttention(), block.feedForward(), modulation, keys, values);
            attention.close();
            modulation.close();
            return Features.of(out);
        }
        NDArray attention = subLayers.video(
                spatial ? SubLayer.SPATIAL_ATTENTION : SubLayer.TEMPORAL_ATTENTION,
                () -> attention(spatial, x, block.attention(), modulation));
        NDArray attended = call("gated", x, attention, modulation, ATTENTION_GATE);
        NDArray cross = subLayers.video(
                SubLayer.CROSS_ATTENTION,
                () -> call("cross_attention", attended, block.crossAttention(), keys, values));
        NDArray informed = call("sum", attended, cross);
        NDArray forward = subLayers.video(
                SubLayer.FEED_FORWARD, () -> call("feed_forward", informed, block.feedForward(), modulation));
        Features out = Features.of(call("gated", informed, forward, modulation, FEED_FORWARD_GATE));
        attended.close();
        informed.close();
        modulation.close();
        return out;
    }

    /** The direction from data to noise, as schedulers take it. What the network itself says is the opposite. */
    @Override
    public NDArray head(Features features) {
        try (NDArray velocity = head(features, step.transformer().config().inChannels())) {
            return call("opposite", velocity);
        }
    }

    /** The first channels of what the network says: the direction from noise to data. */
    NDArray head(Features features, int channels) {
        OpenSoraTransformer transformer = step.transformer();
        return call(
                "head",
                features.video(),
                step.latents(),
                step.headModulation(),
                transformer.weights().out(),
                step.grid().sizes(),
                step.grid().patchSizes(),
                channels);
    }

    private NDArray attention(boolean spatial, NDArray x, List<NDArray> weights, NDArray modulation) {
        int heads = step.transformer().config().heads();
        return spatial
                ? call(
                        "spatial_attention",
                        x,
                        weights,
                        modulation,
                        step.turns(),
                        heads,
                        step.grid().frames())
                : call("temporal_attention", x, weights, modulation, step.turns(), heads);
    }

    private NDArray modulation(int block) {
        return step.modulations().get(block);
    }

    private NDArray call(String kernel, Object... arguments) {
        return OpenSoraTransformer.KERNELS.call(step.latents().getManager(), kernel, arguments);
    }
}
