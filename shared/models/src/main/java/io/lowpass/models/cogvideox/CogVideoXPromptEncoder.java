package io.lowpass.models.cogvideox;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.T5Encoder;
import io.lowpass.models.text.Tokenizer;
import io.lowpass.models.text.Tokens;

/**
 * From a prompt as a user writes it to hidden states, as CogVideoX's pipeline does it: nothing is cleaned, and padding
 * is encoded and attended to like the words. Safe for concurrent calls.
 */
final class CogVideoXPromptEncoder implements PromptEncoder {

    private final Tokenizer tokenizer;
    private final T5Encoder encoder;

    /** Joins what belongs together; both are closed with this object. */
    CogVideoXPromptEncoder(Tokenizer tokenizer, T5Encoder encoder) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
    }

    /**
     * {@inheritDoc}
     *
     * @return states of shape (1, maximal length, width), f32, none of whose rows is passed over
     */
    @Override
    public PromptEmbedding encode(NDManager owner, Branch branch, String prompt) {
        Tokens tokens = tokenizer.encode(prompt);
        long[] ids = tokens.ids().stream().mapToLong(Long::longValue).toArray();
        return new PromptEmbedding(encoder.encode(owner, ids), ids.length);
    }

    @Override
    public void close() {
        tokenizer.close();
        encoder.close();
    }
}
