package io.lowpass.diffusion.cost;

import io.lowpass.diffusion.blocks.SubLayer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The multiply-adds of one family's transformer, from its shapes. Attention is counted in full (QK and AV); softmax,
 * norms and rotary embeddings are not counted, as usual in the literature.
 *
 * @param depth number of blocks
 * @param parts cost of each kind of sub-layer
 * @param ends cost per token outside the blocks: embedding and head
 */
public record TransformerCost(int depth, Map<SubLayer, SubLayerCost> parts, double ends) {

    /**
     * The cost of one kind of sub-layer: {@code pair n² + inFrame n s + acrossFrames n f + token n + constant} for
     * {@code n} video tokens, {@code s} in each of {@code f} frames. The number of text tokens is fixed and included in
     * the factors.
     *
     * @param share share of the blocks that have it
     * @param pair cost per pair of tokens
     * @param inFrame cost per pair of tokens in one frame
     * @param acrossFrames cost per pair of tokens at one position
     * @param token cost per token
     * @param constant cost of its text tokens
     */
    public record SubLayerCost(
            double share, double pair, double inFrame, double acrossFrames, double token, double constant) {

        /** A sub-layer of every block. */
        public SubLayerCost(double pair, double token, double constant) {
            this(1, pair, 0, 0, token, constant);
        }

        /** One sub-layer of this kind. */
        public double of(TokenCount tokens) {
            double n = tokens.count();
            double paired = pair * n + inFrame * tokens.perFrame() + acrossFrames * tokens.frames();
            return (paired + token) * n + constant;
        }

        private boolean dependsOnFrames() {
            return inFrame != 0 || acrossFrames != 0;
        }
    }

    public TransformerCost {
        parts = Map.copyOf(parts);
    }

    /**
     * Blocks with self-attention, cross-attention and a feed-forward layer, such as Wan's.
     *
     * @param width width of the tokens
     * @param feedForward inner width of the feed-forward layer
     * @param text number of text tokens
     * @param patchValues number of latent values per token, both into and out of the transformer
     */
    public static TransformerCost crossAttending(int depth, int width, int feedForward, int text, int patchValues) {
        double square = (double) width * width;
        return new TransformerCost(
                depth,
                Map.of(
                        SubLayer.SELF_ATTENTION,
                        new SubLayerCost(2.0 * width, 4 * square, 0),
                        SubLayer.CROSS_ATTENTION,
                        crossAttention(width, text, 1),
                        SubLayer.FEED_FORWARD,
                        new SubLayerCost(0, 2.0 * width * feedForward, 0)),
                2.0 * patchValues * width);
    }

    private static SubLayerCost crossAttention(int width, int text, double share) {
        double square = (double) width * width;
        return new SubLayerCost(share, 0, 0, 0, 2 * square + 2.0 * text * width, 2 * text * square);
    }

    /**
     * Blocks with joint attention of text and video, each with its own weights, such as HunyuanVideo's and CogVideoX's,
     * and a feed-forward layer four times as wide as the tokens.
     *
     * @param width width of the tokens
     * @param text number of text tokens
     * @param patchValues number of latent values per token, both into and out of the transformer
     */
    public static TransformerCost jointlyAttending(int depth, int width, int text, int patchValues) {
        return jointlyAttending(depth, width, 4 * width, text, 2 * patchValues);
    }

    /**
     * Blocks in which text and video attend to each other jointly and each has its own weights.
     *
     * @param width width of the tokens
     * @param feedForward width within the feed-forward layer
     * @param text number of text tokens
     * @param endValues values of one token into the transformer, and out of it, together
     */
    public static TransformerCost jointlyAttending(int depth, int width, int feedForward, int text, int endValues) {
        double square = (double) width * width;
        double fed = 2.0 * width * feedForward;
        return new TransformerCost(
                depth,
                Map.of(
                        SubLayer.SELF_ATTENTION,
                        new SubLayerCost(
                                2.0 * width,
                                4 * square + 4.0 * width * text,
                                4 * square * text + 2.0 * width * text * text),
                        SubLayer.FEED_FORWARD,
                        new SubLayerCost(0, fed, fed * text)),
                (double) endValues * width);
    }

    /**
     * Alternating blocks that attend within frames and across frames, both with cross-attention and a feed-forward
     * layer, such as Open-Sora's.
     *
     * @param depth number of blocks of both kinds
     * @param width width of the tokens
     * @param feedForward inner width of the feed-forward layer
     * @param text number of text tokens
     * @param endValues number of values per token into and out of the transformer together
     */
    public static TransformerCost alternatelyAttending(int depth, int width, int feedForward, int text, int endValues) {
        double square = (double) width * width;
        return new TransformerCost(
                depth,
                Map.of(
                        SubLayer.SPATIAL_ATTENTION,
                        new SubLayerCost(0.5, 0, 2.0 * width, 0, 4 * square, 0),
                        SubLayer.TEMPORAL_ATTENTION,
                        new SubLayerCost(0.5, 0, 0, 2.0 * width, 4 * square, 0),
                        SubLayer.CROSS_ATTENTION,
                        crossAttention(width, text, 1),
                        SubLayer.FEED_FORWARD,
                        new SubLayerCost(0, 2.0 * width * feedForward, 0)),
                (double) endValues * width);
    }

    /** A copy in which the keys and values of the prompt are computed once per generation and not counted. */
    public TransformerCost withKeptPrompt() {
        Map<SubLayer, SubLayerCost> kept = new EnumMap<>(parts);
        kept.computeIfPresent(
                SubLayer.CROSS_ATTENTION,
                (kind, part) -> new SubLayerCost(
                        part.share(), part.pair(), part.inFrame(), part.acrossFrames(), part.token(), 0));
        return new TransformerCost(depth, kept, ends);
    }

    /** The cost of one block, averaged over different kinds. */
    public double block(TokenCount tokens) {
        return parts.values().stream()
                .mapToDouble(part -> part.share() * part.of(tokens))
                .sum();
    }

    /** One pass of one branch through all blocks. */
    public double pass(TokenCount tokens) {
        return depth * block(tokens) + ends * tokens.count();
    }

    /**
     * One pass of one branch through all blocks.
     *
     * @throws IllegalArgumentException if it depends on how the tokens are spread over frames
     */
    public double pass(double tokens) {
        return pass(ofAnyFrames(tokens));
    }

    /**
     * What was computed.
     *
     * @param tokens video tokens of a pass at full size
     */
    public double of(Work work, TokenCount tokens) {
        double full = work.predictions() * ends * tokens.count() + work.blocks() * block(tokens);
        for (Map.Entry<SubLayer, Integer> kind : work.reused().entrySet()) {
            SubLayerCost part = Objects.requireNonNull(parts.get(kind.getKey()), () -> "no cost of " + kind.getKey());
            full -= kind.getValue() * part.of(tokens);
        }
        if (work.probes() == 0) {
            return full;
        }
        double frames = (double) work.probeFrames() / work.probes();
        double probed = (double) work.probeTokens() / work.probes();
        return full + work.probes() * pass(new TokenCount(frames, probed / frames));
    }

    /**
     * What was computed.
     *
     * @param tokens video tokens of a pass at full size
     * @throws IllegalArgumentException if it depends on how the tokens are spread over frames
     */
    public double of(Work work, double tokens) {
        return of(work, ofAnyFrames(tokens));
    }

    private TokenCount ofAnyFrames(double tokens) {
        if (parts.values().stream().anyMatch(SubLayerCost::dependsOnFrames)) {
            throw new IllegalArgumentException(
                    tokens + " tokens: what they cost depends on how many frames they are spread over");
        }
        return new TokenCount(1, tokens);
    }
}
