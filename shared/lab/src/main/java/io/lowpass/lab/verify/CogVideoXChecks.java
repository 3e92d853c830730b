package io.lowpass.lab.verify;

import io.lowpass.models.ComponentConfig;
import io.lowpass.models.cogvideox.CogVideoXConfig;
import io.lowpass.models.cogvideox.vae.CogVideoXVaeConfig;
import io.lowpass.models.text.T5Config;
import io.lowpass.tensor.Architecture;
import java.util.Map;
import java.util.function.Function;

/** CogVideoX, with the T5 encoder that Open-Sora has, too. */
final class CogVideoXChecks implements FamilyChecks {

    private static final String VAE = "AutoencoderKLCogVideoX";

    @Override
    public Map<String, Map<String, Check>> components() {
        Check vae = new CogVideoXVaeCheck();
        return Map.of(
                "transformer", Map.of("CogVideoXTransformer3DModel", new CogVideoXTransformerCheck()),
                "text_encoder", Map.of("T5EncoderModel", new T5Check()),
                "vae_decode", Map.of(VAE, vae),
                "vae_encode", Map.of(VAE, vae));
    }

    @Override
    public Map<String, Function<ComponentConfig, Architecture>> architectures() {
        return Map.of(
                "cogvideox.transformer", config -> CogVideoXConfig.of(config).architecture(),
                "cogvideox.text_encoder", config -> T5Config.of(config).architecture(),
                "cogvideox.vae", config -> CogVideoXVaeConfig.of(config).architecture());
    }
}
