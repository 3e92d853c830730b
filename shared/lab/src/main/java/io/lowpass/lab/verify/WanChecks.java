package io.lowpass.lab.verify;

import io.lowpass.models.ComponentConfig;
import io.lowpass.models.text.T5Config;
import io.lowpass.models.vision.ClipVisionConfig;
import io.lowpass.models.wan.WanConfig;
import io.lowpass.models.wan.vae.WanVaeConfig;
import io.lowpass.tensor.Architecture;
import java.util.Map;
import java.util.function.Function;

/** Wan 2.1 and 2.2. */
final class WanChecks implements FamilyChecks {

    private static final String TRANSFORMER = "WanTransformer3DModel";
    private static final String TEXT_ENCODER = "UMT5EncoderModel";
    private static final String VAE = "AutoencoderKLWan";

    private final ComponentFolder folders;

    WanChecks(ComponentFolder folders) {
        this.folders = folders;
    }

    @Override
    public Map<String, Map<String, Check>> components() {
        Check vae = new WanVaeCheck(folders);
        return Map.of(
                "transformer", Map.of(TRANSFORMER, new WanTransformerCheck()),
                "text_encoder", Map.of(TEXT_ENCODER, new T5Check()),
                "vae_decode", Map.of(VAE, vae),
                "vae_encode", Map.of(VAE, vae));
    }

    @Override
    public Map<String, Function<ComponentConfig, Architecture>> architectures() {
        return Map.of(
                "wan.transformer", config -> WanConfig.of(config).architecture(),
                "wan.text_encoder", config -> T5Config.of(config).architecture(),
                "wan.image_encoder", config -> ClipVisionConfig.of(config).architecture(),
                "wan.vae", config -> WanVaeConfig.of(config).architecture());
    }
}
