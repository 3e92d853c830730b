package io.lowpass.diffusion.conditioning;

/** The prompt embeddings of the branches. */
@FunctionalInterface
public interface PromptEmbeddings {

    /** The prompt embedding of a branch that the guidance uses. */
    PromptEmbedding of(Branch branch);
}
