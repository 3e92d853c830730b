package io.lowpass.diffusion;

/** The encoded prompt of each branch. */
@FunctionalInterface
public interface PromptEmbeddings {

    /** The encoded prompt of a branch that the guidance asks for. */
    PromptEmbedding of(Branch branch);
}
