package io.lowpass.lab.verify;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.text.PromptCleaner;

/** Prompts before they are tokenized: pairs of raw and cleaned text. */
final class PromptCleanCheck implements Check {

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        for (JsonNode pair : reference.settings().path("cases")) {
            String raw = pair.path(0).asText();
            comparison.offer(
                    "'" + raw + "'", PromptCleaner.clean(raw), pair.path(1).asText());
        }
    }
}
