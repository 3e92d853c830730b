package io.lowpass.models.text;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.PromptEmbedding;

/** From a prompt as a user writes it to what a transformer takes, as a family's pipeline does it. */
public interface PromptEncoder extends AutoCloseable {

    /**
     * Cleans, tokenizes and encodes a prompt. Safe for concurrent calls.
     *
     * @param owner the manager that the result belongs to
     * @param branch what the prompt is for: some families prepare the negative prompt otherwise
     */
    PromptEmbedding encode(NDManager owner, Branch branch, String prompt);

    /**
     * The text that a branch is encoded from: the negative prompt where the branch is not the prompt's, unless a family
     * has no such thing.
     *
     * @throws IllegalArgumentException if the family has no use for the negative prompt that is given
     */
    default String text(Branch branch, String prompt, String negativePrompt) {
        return branch == Branch.CONDITIONED ? prompt : negativePrompt;
    }

    @Override
    void close();
}
