package io.lowpass.models.text;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;

/** From a prompt as a user writes it to what a transformer takes, as a family's pipeline does it. */
public interface PromptEncoder extends AutoCloseable {

    /**
     * Cleans, tokenizes and encodes a prompt. Safe for concurrent calls.
     *
     * @param owner the manager that the result belongs to
     * @param branch what the prompt is for: some families prepare the negative prompt otherwise
     */
    PromptEmbedding encode(NDManager owner, Branch branch, String prompt);

    @Override
    void close();
}
