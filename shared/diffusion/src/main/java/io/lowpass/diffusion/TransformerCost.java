package io.lowpass.diffusion;

/**
 * Multiply-adds of one family's transformer, from its shapes: attention counted in full (QK and AV), softmax, norms and
 * rotation not counted, as the literature does.
 *
 * <p>Every block costs {@code quadratic n² + linear n + constant} for {@code n} video tokens, since the number of text
 * tokens is fixed.
 *
 * @param depth number of blocks
 * @param quadratic per block and pair of tokens
 * @param linear per block and token
 * @param constant per block: what its text tokens cost
 * @param ends per token, outside the blocks: embedding and head
 */
public record TransformerCost(int depth, double quadratic, double linear, double constant, double ends) {

    /**
     * Blocks with self-attention, cross-attention and a feed-forward layer, such as Wan's.
     *
     * @param width width of the tokens
     * @param feedForward width within the feed-forward layer
     * @param text number of text tokens
     * @param patchValues latent values in one token, both into and out of the transformer
     */
    public static TransformerCost crossAttending(int depth, int width, int feedForward, int text, int patchValues) {
        double square = (double) width * width;
        return new TransformerCost(
                depth,
                2.0 * width,
                6 * square + 2.0 * width * feedForward + 2.0 * text * width,
                2 * text * square,
                2.0 * patchValues * width);
    }

    /**
     * Blocks in which text and video attend to each other jointly and each has its own weights, such as HunyuanVideo's
     * and CogVideoX's, with a feed-forward layer four times as wide as the tokens.
     *
     * @param width width of the tokens
     * @param text number of text tokens
     * @param patchValues latent values in one token, both into and out of the transformer
     */
    public static TransformerCost jointlyAttending(int depth, int width, int text, int patchValues) {
        double square = (double) width * width;
        return new TransformerCost(
                depth,
                2.0 * width,
                12 * square + 4.0 * width * text,
                12 * square * text + 2.0 * width * text * text,
                2.0 * patchValues * width);
    }

    /** One block. */
    public double block(double tokens) {
        return quadratic * tokens * tokens + linear * tokens + constant;
    }

    /** One pass of one branch through all blocks. */
    public double pass(double tokens) {
        return depth * block(tokens) + ends * tokens;
    }

    /**
     * What was computed, for methods that work on whole blocks.
     *
     * @param tokens video tokens of a pass at full size
     */
    public double of(Work work, double tokens) {
        double full = work.predictions() * ends * tokens + work.blocks() * block(tokens);
        return work.probes() == 0 ? full : full + work.probes() * pass((double) work.probeTokens() / work.probes());
    }
}
