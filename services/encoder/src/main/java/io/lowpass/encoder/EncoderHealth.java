package io.lowpass.encoder;

import io.lowpass.streaming.StreamHealth;
import io.smallrye.health.api.AsyncHealthCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the default model's VAE is open. */
@ApplicationScoped
public class EncoderHealth {

    private final EncoderService service;
    private final StreamHealth health;

    EncoderHealth(EncoderService service) {
        this.service = service;
        this.health = new StreamHealth("encoder", service::streams);
    }

    @Produces
    @Liveness
    @ApplicationScoped
    AsyncHealthCheck live() {
        return health.live();
    }

    @Produces
    @Readiness
    @ApplicationScoped
    AsyncHealthCheck ready() {
        return health.ready("model", service::problem);
    }
}
