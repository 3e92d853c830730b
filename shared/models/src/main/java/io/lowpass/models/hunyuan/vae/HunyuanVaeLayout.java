package io.lowpass.models.hunyuan.vae;

import io.lowpass.models.hunyuan.vae.HunyuanVaeConfig.Level;
import io.lowpass.models.vae.KernelLayer;
import io.lowpass.models.vae.VaeLayout;
import java.util.ArrayList;
import java.util.List;

/** The parts of a HunyuanVideo autoencoder, in the order in which frames pass them. */
final class HunyuanVaeLayout {

    private HunyuanVaeLayout() {}

    /** The parts of an autoencoder. */
    static VaeLayout<KernelLayer> of(HunyuanVaeConfig config) {
        return new VaeLayout<>(decoder(config), encoder(config));
    }

    private static List<Part> decoder(HunyuanVaeConfig config) {
        int latent = config.latentChannels();
        int deepest = config.blockChannels().get(config.blockChannels().size() - 1);
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Conv("post_quant_conv", latent, latent, 1));
        parts.add(new Part.Conv("decoder.conv_in.conv", latent, deepest, 3));
        addMiddle(config, "decoder.mid_block", deepest, parts);
        List<Level> levels = config.up();
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            String name = "decoder.up_blocks." + i;
            addResiduals(config, name, level, config.layersPerBlock() + 1, parts);
            if (level.space() * level.time() > 1) {
                parts.add(resampling(name + ".upsamplers.0.conv.conv", level, false));
            }
        }
        int first = config.blockChannels().get(0);
        parts.add(new Part.Last("decoder", first, config.outChannels(), config.groups()));
        return parts;
    }

    private static List<Part> encoder(HunyuanVaeConfig config) {
        int moments = 2 * config.latentChannels();
        int deepest = config.blockChannels().get(config.blockChannels().size() - 1);
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Conv(
                "encoder.conv_in.conv",
                config.inChannels(),
                config.blockChannels().get(0),
                3));
        List<Level> levels = config.down();
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            String name = "encoder.down_blocks." + i;
            addResiduals(config, name, level, config.layersPerBlock(), parts);
            if (level.space() * level.time() > 1) {
                parts.add(resampling(name + ".downsamplers.0.conv.conv", level, true));
            }
        }
        addMiddle(config, "encoder.mid_block", deepest, parts);
        parts.add(new Part.Last("encoder", deepest, moments, config.groups()));
        parts.add(new Part.Conv("quant_conv", moments, moments, 1));
        return parts;
    }

    private static void addMiddle(HunyuanVaeConfig config, String name, int dim, List<Part> parts) {
        Level level = new Level(dim, dim, 1, 1);
        addResiduals(config, name, level, 1, parts);
        if (config.attention()) {
            parts.add(new Part.Attention(name + ".attentions.0", dim, config.groups()));
        }
        parts.add(residual(config, name + ".resnets.1", dim, dim));
    }

    private static void addResiduals(HunyuanVaeConfig config, String name, Level level, int count, List<Part> parts) {
        for (int i = 0; i < count; i++) {
            parts.add(residual(config, name + ".resnets." + i, i == 0 ? level.in() : level.out(), level.out()));
        }
    }

    private static Part residual(HunyuanVaeConfig config, String name, int in, int out) {
        return new Part.Residual(name, in, out, config.groups(), config.activation());
    }

    private static Part resampling(String name, Level level, boolean reduces) {
        return new Part.Conv(name, level.out(), level.out(), 3, level.space(), level.time(), reduces);
    }
}
