package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import java.util.List;

/** One branch's run through a {@link WanTransformer}. */
final class WanPass implements ForwardPass {

    private static final int ATTENTION_GATE = 2;
    private static final int FEED_FORWARD_GATE = 5;

    private final WanStep step;
    private final WanConditioning prompt;
    private final double epsilon;

    WanPass(WanStep step, WanConditioning prompt) {
        this.step = step;
        this.prompt = prompt;
        this.epsilon = step.transformer().config().epsilon();
    }

    @Override
    public Features input() {
        return Features.of(step.tokens());
    }

    @Override
    public NDArray signal(Signal kind) {
        return switch (kind) {
            case INPUT -> call("signal", step.tokens(), modulation(0), epsilon);
            case TIME -> step.time().get(0);
            case TIME_PROJECTION -> step.time().get(1);
        };
    }

    @Override
    public int depth() {
        return step.transformer().depth();
    }

    @Override
    public Features block(int index, Features features, SubLayers subLayers) {
        NDArray x = features.video();
        WanLayout.Block block = step.transformer().weights().blocks().get(index);
        List<NDArray> context = prompt.blocks().get(index);
        NDArray modulation = modulation(index);
        if (subLayers == SubLayers.COMPUTE) {
            NDArray out = call(
                    "block",
                    x,
                    block.selfAttention(),
                    block.norm(),
                    block.crossAttention(),
                    block.feedForward(),
                    modulation,
                    step.turns(),
                    context,
                    epsilon);
            modulation.close();
            return Features.of(out);
        }
        NDArray attention = subLayers.video(
                SubLayer.SELF_ATTENTION,
                () -> call("self_attention", x, block.selfAttention(), modulation, step.turns(), epsilon));
        NDArray attended = call("gated", x, attention, modulation, ATTENTION_GATE);
        NDArray cross = subLayers.video(
                SubLayer.CROSS_ATTENTION,
                () -> call("cross_attention", attended, block.norm(), block.crossAttention(), context, epsilon));
        NDArray informed = call("sum", attended, cross);
        NDArray forward = subLayers.video(
                SubLayer.FEED_FORWARD, () -> call("feed_forward", informed, block.feedForward(), modulation, epsilon));
        Features out = Features.of(call("gated", informed, forward, modulation, FEED_FORWARD_GATE));
        attended.close();
        informed.close();
        modulation.close();
        return out;
    }

    @Override
    public NDArray head(Features features) {
        WanTransformer transformer = step.transformer();
        return call(
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

    private NDArray call(String kernel, Object... arguments) {
        return WanTransformer.KERNELS.call(step.latents().getManager(), kernel, arguments);
    }
}
