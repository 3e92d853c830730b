package io.lowpass.models.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;

/** From a prompt as a user writes it to hidden states, as Wan's pipeline does it. Safe for concurrent calls. */
public final class T5PromptEncoder implements PromptEncoder {

    private final Tokenizer tokenizer;
    private final T5Encoder encoder;

    /** Joins what belongs together; both are closed with this object. */
    public T5PromptEncoder(Tokenizer tokenizer, T5Encoder encoder) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
    }

    /**
     * {@inheritDoc}
     *
     * @return states of shape (1, maximal length, width), f32; the rows after the prompt's end are zero
     */
    @Override
    public PromptEmbedding encode(NDManager owner, Branch branch, String prompt) {
        Tokens tokens = tokenizer.encode(PromptCleaner.clean(prompt));
        try (NDArray rows = encoder.encode(owner, tokens.real())) {
            return new PromptEmbedding(
                    T5Encoder.padded(owner, rows, tokens.ids().size()), tokens.length());
        }
    }

    @Override
    public void close() {
        tokenizer.close();
        encoder.close();
    }
}
