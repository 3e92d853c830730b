package io.lowpass.models.pipeline;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.models.text.PromptEncoder;
import java.util.function.Supplier;

/** Text encoders that are there only while a prompt is encoded. */
final class ReleasedPrompts implements PromptEncoder {

    private final Supplier<PromptEncoder> encoders;

    ReleasedPrompts(Supplier<PromptEncoder> encoders) {
        this.encoders = encoders;
    }

    @Override
    public PromptEmbedding encode(NDManager owner, Branch branch, String prompt) {
        try (PromptEncoder open = encoders.get()) {
            return open.encode(owner, branch, prompt);
        }
    }

    @Override
    public void close() {
        // Nothing is open between two prompts.
    }
}
