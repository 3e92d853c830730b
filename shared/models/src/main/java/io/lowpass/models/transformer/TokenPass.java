package io.lowpass.models.transformer;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import java.util.List;
import java.util.stream.Stream;

/**
 * One branch's run through a transformer.
 *
 * @param <T> the transformer
 */
public abstract class TokenPass<T extends PatchTransformer<?>> implements ForwardPass {

    private final T transformer;
    private final EmbeddedVideo video;

    /** Starts a pass. */
    protected TokenPass(T transformer, EmbeddedVideo video) {
        this.transformer = transformer;
        this.video = video;
    }

    /** The transformer. */
    protected final T transformer() {
        return transformer;
    }

    /** What the branches share. */
    protected final EmbeddedVideo video() {
        return video;
    }

    @Override
    public final int depth() {
        return transformer.depth();
    }

    @Override
    public Features input() {
        return Features.of(video.tokens());
    }

    /** The time's embedding and projection as the step has them. */
    @Override
    public NDArray signal(Signal kind) {
        return switch (kind) {
            case INPUT -> modulatedInput();
            case TIME -> video.time().get(0);
            case TIME_PROJECTION -> video.time().get(1);
        };
    }

    /** The modulated input of the first block. */
    protected abstract NDArray modulatedInput();

    /** The head with all of its channels; a prediction unless a family says otherwise. */
    protected NDArray wholeHead(Features features) {
        return head(features);
    }

    /** The modulation of a block, a new array. */
    protected final NDArray modulation(int block) {
        return video.modulations().get(block);
    }

    /** Calls the kernel {@code head}: tokens, latents, modulation, weights, grid, patch, settings. */
    protected final NDArray head(Features features, NDArray modulation, List<NDArray> weights, Object... settings) {
        Stream<Object> first = Stream.of(
                features.video(),
                video.latents(),
                modulation,
                weights,
                video.grid().sizes(),
                video.grid().patchSizes());
        return call("head", Stream.concat(first, Stream.of(settings)).toArray());
    }

    /** Calls a kernel of the family. */
    protected final NDArray call(String kernel, Object... arguments) {
        return transformer.kernels().call(video.latents().getManager(), kernel, arguments);
    }

    /** Calls a kernel that returns one array for the video. */
    protected final Features one(String kernel, Object... arguments) {
        return Features.of(call(kernel, arguments));
    }

    /** Calls a kernel that returns an array for the video and one for the text. */
    protected final Features both(String kernel, Object... arguments) {
        List<NDArray> streams = transformer.kernels().callAll(video.latents().getManager(), kernel, arguments);
        return Features.of(streams.get(0), streams.get(1));
    }

    /** Adds a contribution times a gate, which is a row of the modulation. */
    protected Features gated(Features features, Features added, NDArray modulation, int gate) {
        return one("gated", features.video(), added.video(), modulation, gate);
    }

    /** The same for video and text, each with a modulation and a row of its own. */
    protected final Features gated(
            Features features, Features added, List<NDArray> modulations, int videoGate, int textGate) {
        return Features.of(
                call("gated", features.video(), added.video(), modulations.get(0), videoGate),
                call("gated", features.text().orElseThrow(), added.text().orElseThrow(), modulations.get(1), textGate));
    }
}
