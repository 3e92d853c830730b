package io.lowpass.lab.verify;

import io.lowpass.models.ComponentConfig;
import io.lowpass.models.hunyuan.HunyuanConfig;
import io.lowpass.models.hunyuan.vae.HunyuanVaeConfig;
import io.lowpass.models.text.ClipTextConfig;
import io.lowpass.models.text.LlamaConfig;
import io.lowpass.tensor.Architecture;
import java.util.Map;
import java.util.function.Function;

/** HunyuanVideo. */
final class HunyuanChecks implements FamilyChecks {

    private static final String VAE = "AutoencoderKLHunyuanVideo";

    @Override
    public Map<String, Map<String, Check>> components() {
        Check vae = new HunyuanVaeCheck();
        return Map.of(
                "transformer", Map.of("HunyuanVideoTransformer3DModel", new HunyuanTransformerCheck()),
                "text_encoder", Map.of("LlamaModel", new LlamaCheck(), "CLIPTextModel", new ClipTextCheck()),
                "vae_decode", Map.of(VAE, vae),
                "vae_encode", Map.of(VAE, vae));
    }

    @Override
    public Map<String, Function<ComponentConfig, Architecture>> architectures() {
        return Map.of(
                "hunyuanvideo.transformer", config -> HunyuanConfig.of(config).architecture(),
                "hunyuanvideo.text_encoder", config -> LlamaConfig.of(config).architecture(),
                "hunyuanvideo.text_encoder_2",
                        config -> ClipTextConfig.of(config).architecture(),
                "hunyuanvideo.vae", config -> HunyuanVaeConfig.of(config).architecture());
    }
}
