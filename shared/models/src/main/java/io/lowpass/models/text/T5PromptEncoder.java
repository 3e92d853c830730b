package io.lowpass.models.text;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.tensor.Opening;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;

/**
 * From a prompt as a user writes it to hidden states of T5, as diffusers' pipelines do it. Safe for concurrent calls.
 *
 * <p>Wan's cleans the prompt, and the rows after its end are zero. CogVideoX's cleans nothing, and encodes padding and
 * attends to it like the words.
 */
public final class T5PromptEncoder implements PromptEncoder {

    private final Tokenizer tokenizer;
    private final T5Encoder encoder;
    private final boolean encodesPadding;

    /**
     * Joins what belongs together; both are closed with this object.
     *
     * @param encodesPadding whether padding is encoded like words, and prompts are not cleaned
     */
    public T5PromptEncoder(Tokenizer tokenizer, T5Encoder encoder, boolean encodesPadding) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.encodesPadding = encodesPadding;
    }

    /**
     * Opens the folders of both.
     *
     * @param length tokens that a prompt is padded or cut to
     * @param encodesPadding as in the constructor
     */
    public static T5PromptEncoder open(
            Path tokenizerFolder,
            Path encoderFolder,
            int length,
            boolean encodesPadding,
            Device device,
            Precision precision) {
        try (Opening opening = new Opening()) {
            Tokenizer tokenizer = Tokenizer.open(tokenizerFolder, length);
            opening.opened(tokenizer::close);
            T5Encoder encoder = T5Encoder.open(encoderFolder, device, precision);
            return opening.done(new T5PromptEncoder(tokenizer, encoder, encodesPadding));
        }
    }

    /**
     * {@inheritDoc}
     *
     * @return states of shape (1, maximal length, width), f32
     */
    @Override
    public PromptEmbedding encode(NDManager owner, Branch branch, String prompt) {
        if (encodesPadding) {
            long[] ids = tokenizer.encode(prompt).ids().stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            return new PromptEmbedding(encoder.encode(owner, ids), ids.length);
        }
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
