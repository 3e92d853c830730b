package io.lowpass.storage;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Alive while it reads; ready while it reads and the store has the bucket. */
@ApplicationScoped
public class StorageHealth {

    private final StorageService service;

    StorageHealth(StorageService service) {
        this.service = service;
    }

    @Produces
    @Liveness
    @ApplicationScoped
    HealthCheck live() {
        return () ->
                HealthCheckResponse.named("storage").status(service.isAlive()).build();
    }

    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck ready() {
        return () -> {
            Optional<String> problem = service.problem();
            return HealthCheckResponse.named("storage")
                    .status(service.isReading() && problem.isEmpty())
                    .withData("reading", service.isReading())
                    .withData("store", problem.orElse("ready"))
                    .build();
        };
    }
}
