package io.lowpass.models.opensora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.T5Encoder;
import io.lowpass.models.text.Tokenizer;
import io.lowpass.models.text.Tokens;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Safetensors;
import java.nio.file.Path;

/**
 * From a prompt to a caption's states, as the official script does it. The other branch has no prompt: its caption was
 * learned and lies with the transformer. As many of its rows count as the prompt has tokens.
 */
public final class OpenSoraPromptEncoder implements PromptEncoder {

    private final Tokenizer tokenizer;
    private final T5Encoder encoder;
    private final OpenSoraScores scores;
    private final NDManager memory;
    private final NDArray noCaption;

    private OpenSoraPromptEncoder(Tokenizer tokenizer, T5Encoder encoder, OpenSoraScores scores, Path transformer) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.scores = scores;
        this.memory = NDManager.newBaseManager("PyTorch");
        try (Safetensors file = Safetensors.open(transformer)) {
            NDArray stored = file.get(memory, OpenSoraLayout.NO_CAPTION, Precision.F32);
            this.noCaption = Arrays.keep(stored.expandDims(0), memory);
        }
    }

    /**
     * Joins tokenizer and encoder, both of which are closed with this object.
     *
     * @param scores what captions say about the quality of their videos
     * @param transformer folder of the transformer
     */
    public static OpenSoraPromptEncoder of(
            Tokenizer tokenizer, T5Encoder encoder, OpenSoraScores scores, Path transformer) {
        return new OpenSoraPromptEncoder(tokenizer, encoder, scores, transformer);
    }

    /**
     * Encodes a prompt, or as much of the learned caption.
     *
     * @return states of shape (1, tokens, width), f32, without padding
     * @throws IllegalArgumentException if the prompt names pictures or videos to begin from
     */
    @Override
    public PromptEmbedding encode(NDManager owner, Branch branch, String prompt) {
        Tokens tokens = tokenizer.encode(caption(prompt));
        int length = tokens.length();
        return branch == Branch.CONDITIONED
                ? new PromptEmbedding(encoder.encode(owner, tokens.real()), length)
                : new PromptEmbedding(learned(owner, length), length);
    }

    @Override
    public void close() {
        tokenizer.close();
        encoder.close();
        memory.close();
    }

    private String caption(String prompt) {
        OpenSoraPrompt read = OpenSoraPrompt.of(prompt, scores);
        if (read.references()) {
            throw new IllegalArgumentException("prompt: reference_path is given, allowed is none");
        }
        return read.caption(0);
    }

    private NDArray learned(NDManager owner, int length) {
        try (NDArray rows = noCaption.get(new NDIndex(":, :" + length))) {
            return Arrays.keep(rows.duplicate(), owner);
        }
    }
}
