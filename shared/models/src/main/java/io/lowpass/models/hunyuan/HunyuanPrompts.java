package io.lowpass.models.hunyuan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.models.text.ClipTextEncoder;
import io.lowpass.models.text.LlamaEncoder;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.Tokenizer;
import java.util.Optional;

/**
 * A prompt for HunyuanVideo: states of a language model that is asked to describe a video, without the question, and
 * the pooled state of CLIP.
 *
 * @param tokenizer of the language model
 * @param llama the language model, left two layers before its end
 * @param clipTokenizer of CLIP
 * @param clip CLIP's text model
 */
record HunyuanPrompts(Tokenizer tokenizer, LlamaEncoder llama, Tokenizer clipTokenizer, ClipTextEncoder clip)
        implements PromptEncoder {

    /** Layers of the language model that are left out. */
    static final int SKIPPED_LAYERS = 2;

    /** Tokens of the question that precede the prompt. */
    static final int QUESTION = 95;

    /** Tokens of the prompt, the end of the conversation's turn included. */
    static final int PROMPT_LENGTH = 256;

    /** What the model was trained with, to the letter. */
    private static final String BEFORE = "<|start_header_id|>system<|end_header_id|>\n\n"
            + "Describe the video by detailing the following aspects: "
            + "1. The main content and theme of the video."
            + "2. The color, shape, size, texture, quantity, text, and spatial relationships of the objects."
            + "3. Actions, events, behaviors temporal relationships, physical movement changes of the objects."
            + "4. background environment, light, style and atmosphere."
            + "5. camera angles, movements, and transitions used in the video:<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\n";

    private static final String AFTER = "<|eot_id|>";

    @Override
    public PromptEmbedding encode(NDManager owner, Branch branch, String prompt) {
        long[] words = tokenizer.encode(BEFORE + prompt + AFTER).real();
        NDArray states = llama.encodeFrom(owner, QUESTION, words);
        long[] ids = clipTokenizer.encode(prompt).ids().stream()
                .mapToLong(Long::longValue)
                .toArray();
        ClipTextEncoder.Encoded encoded = clip.encode(owner, ids);
        encoded.states().close();
        return new PromptEmbedding(states, words.length - QUESTION, Optional.of(encoded.pooled()));
    }

    @Override
    public void close() {
        tokenizer.close();
        llama.close();
        clipTokenizer.close();
        clip.close();
    }
}
