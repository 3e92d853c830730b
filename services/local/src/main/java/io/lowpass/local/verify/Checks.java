package io.lowpass.local.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** Every component that can be tried. */
final class Checks {

    private Checks() {}

    static Map<String, Check> all(ObjectMapper json) {
        ComponentFolder folders = new ComponentFolder(json);
        Check vae = new VaeCheck(folders);
        return Map.of(
                "transformer", new TransformerCheck(folders),
                "text_encoder", new TextEncoderCheck(folders),
                "vae_decode", vae,
                "vae_encode", vae,
                "scheduler", new SchedulerCheck(json),
                "random", new RandomCheck(),
                "prompt_clean", new PromptCleanCheck(),
                "generation", new GenerationCheck(json, folders));
    }
}
