package io.lowpass.models.opensora.vae;

import io.lowpass.models.vae.VaeLayer;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.models.vae.VaeParameters;
import java.util.List;

/** The layers of Open-Sora's autoencoder: its decoder is the temporal one, then the spatial one, each as one layer. */
final class OpenSoraVaeLayout {

    private static final String TEMPORAL = "temporal_vae.";
    private static final String SPATIAL = "spatial_vae.module.";

    private OpenSoraVaeLayout() {}

    static VaeLayout of(OpenSoraVaeConfig config) {
        TemporalLayers temporal = new TemporalLayers(config.temporal());
        SpatialLayers spatial = new SpatialLayers(config.spatial());
        return new VaeLayout(
                all -> List.of(temporal.decoder(all.at(TEMPORAL)), spatial.decoder(all.at(SPATIAL))),
                all -> List.of(
                        spatial.encoder(all.at(SPATIAL)), temporal.encoder(all.at(TEMPORAL)), scaling(config, all)));
    }

    /** What latents are scaled and shifted by for the transformer. */
    private static VaeLayer scaling(OpenSoraVaeConfig config, VaeParameters all) {
        long latents = config.latentChannels();
        return all.at("")
                .plain("scale", 1, latents, 1, 1, 1)
                .plain("shift", 1, latents, 1, 1, 1)
                .layer("denormalised");
    }
}
