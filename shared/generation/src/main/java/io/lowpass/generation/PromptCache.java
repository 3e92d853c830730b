package io.lowpass.generation;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.models.text.PromptEncoder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Encodes prompts and caches the most recent embeddings: the negative prompt is the same for most jobs, and a text
 * encoder with billions of parameters is slow. Used by one thread at a time.
 */
final class PromptCache implements AutoCloseable {

    private static final int CAPACITY = 8;

    private final PromptEncoder encoder;
    private final NDManager memory;
    private final Map<Prompt, PromptEmbedding> known = new LinkedHashMap<>(CAPACITY * 2, 0.75f, true);

    private record Prompt(Branch branch, String text) {}

    /** Keeps the embeddings in sub-managers of {@code owner}. */
    PromptCache(PromptEncoder encoder, NDManager owner) {
        this.encoder = encoder;
        this.memory = owner.newSubManager();
    }

    /** Number of cached prompts. */
    int size() {
        return known.size();
    }

    /** The embedding of the text, cached or newly encoded. */
    PromptEmbedding encode(Branch branch, String text) {
        Prompt prompt = new Prompt(branch, text);
        PromptEmbedding found = known.get(prompt);
        return found == null ? remember(prompt) : found;
    }

    private PromptEmbedding remember(Prompt prompt) {
        if (known.size() == CAPACITY) {
            Map.Entry<Prompt, PromptEmbedding> eldest =
                    known.entrySet().iterator().next();
            known.remove(eldest.getKey());
            eldest.getValue().free();
        }
        PromptEmbedding made = encoder.encode(memory, prompt.branch(), prompt.text());
        known.put(prompt, made);
        return made;
    }

    /** Frees all embeddings. */
    void clear() {
        known.values().forEach(PromptEmbedding::free);
        known.clear();
    }

    @Override
    public void close() {
        known.clear();
        memory.close();
    }
}
