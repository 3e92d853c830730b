package io.lowpass.lab.cost;

import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.cost.TokenCount;
import io.lowpass.diffusion.cost.TransformerCost;
import java.util.List;
import java.util.Set;

/**
 * A public transformer at a setting of the paper.
 *
 * @param name as its publishers call it
 * @param setting size and length of the video
 * @param blocks what its blocks are made of
 * @param depth number of blocks
 * @param width width of the tokens
 * @param feedForward width within the feed-forward layers
 * @param text rows of the prompt
 * @param endValues values of one token into the transformer, and out of it, together
 * @param latents frames, height, width
 * @param patch latent cells of one token: frames, height, width
 * @param steps denoising steps
 * @param guided whether each step has a second branch
 * @param shift of the noise levels
 * @param paper multiply-adds of a video in the paper's Table 1; 0 where it has none
 * @param policies whose ceilings are of interest, in short form
 */
record Checkpoint(
        String name,
        String setting,
        Blocks blocks,
        int depth,
        int width,
        int feedForward,
        int text,
        int endValues,
        List<Long> latents,
        List<Integer> patch,
        int steps,
        boolean guided,
        double shift,
        double paper,
        List<String> policies) {

    private static final double SOME_SCALE = 5;

    /** The structure of the blocks. */
    enum Blocks {
        /** Self-attention, cross-attention, feed-forward. */
        CROSS_ATTENDING(Set.of(SubLayer.SELF_ATTENTION, SubLayer.CROSS_ATTENTION, SubLayer.FEED_FORWARD)),
        /** Joint attention of prompt and video, feed-forward. */
        JOINTLY_ATTENDING(Set.of(SubLayer.SELF_ATTENTION, SubLayer.FEED_FORWARD)),
        /** Alternating attention within and across frames, each with cross-attention and feed-forward. */
        IN_TURNS(Set.of(
                SubLayer.SPATIAL_ATTENTION,
                SubLayer.TEMPORAL_ATTENTION,
                SubLayer.CROSS_ATTENTION,
                SubLayer.FEED_FORWARD));

        @SuppressWarnings("ImmutableEnumChecker") // Set.of makes sets that cannot be changed
        private final Set<SubLayer> subLayers;

        Blocks(Set<SubLayer> subLayers) {
            this.subLayers = subLayers;
        }

        Set<SubLayer> subLayers() {
            return subLayers;
        }

        /** Whether a block has a sub-layer. */
        boolean has(SubLayer subLayer, int block) {
            return switch (subLayer) {
                case SPATIAL_ATTENTION -> block % 2 == 0;
                case TEMPORAL_ATTENTION -> block % 2 == 1;
                default -> true;
            };
        }
    }

    /** Multiply-adds as the literature counts them. */
    TransformerCost cost() {
        return switch (blocks) {
            case CROSS_ATTENDING -> TransformerCost.crossAttending(depth, width, feedForward, text, endValues / 2);
            case JOINTLY_ATTENDING -> TransformerCost.jointlyAttending(depth, width, feedForward, text, endValues);
            case IN_TURNS -> TransformerCost.alternatelyAttending(depth, width, feedForward, text, endValues);
        };
    }

    /** One channel of its latents: how many there are changes nothing that is counted. */
    Shape shape() {
        return new Shape(1, 1, latents.get(0), latents.get(1), latents.get(2));
    }

    TokenCount tokens() {
        return TokenCount.of(shape(), patch);
    }

    Guidance guidance() {
        return guided ? new Guidance(SOME_SCALE) : Guidance.NONE;
    }

    /** One pass of one branch. */
    double pass() {
        return cost().pass(tokens());
    }

    /** One full step. */
    double step() {
        return guidance().branches().size() * pass();
    }

    /** All steps in full. */
    double total() {
        return steps * step();
    }
}
