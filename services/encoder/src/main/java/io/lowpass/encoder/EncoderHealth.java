package io.lowpass.encoder;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Alive while it reads; ready once it reads and the default model's autoencoder is there. */
@ApplicationScoped
public class EncoderHealth {

    private final EncoderService service;

    EncoderHealth(EncoderService service) {
        this.service = service;
    }

    @Produces
    @Liveness
    @ApplicationScoped
    HealthCheck live() {
        return () ->
                HealthCheckResponse.named("encoder").status(service.isAlive()).build();
    }

    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("encoder")
                .status(service.isReading() && service.isModelLoaded())
                .withData("reading", service.isReading())
                .withData("model", service.isModelLoaded() ? "loaded" : "not loaded " + service.problem())
                .build();
    }
}
