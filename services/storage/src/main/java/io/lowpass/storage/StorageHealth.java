package io.lowpass.storage;

import io.lowpass.streaming.StreamHealth;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the store has the bucket. */
@ApplicationScoped
public class StorageHealth {

    private final StorageService service;
    private final StreamHealth health;

    StorageHealth(StorageService service) {
        this.service = service;
        this.health = new StreamHealth("storage", service::streams);
    }

    @Produces
    @Liveness
    @ApplicationScoped
    HealthCheck live() {
        return health.live();
    }

    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck ready() {
        return health.ready("store", service::problem, service::waiting);
    }
}
