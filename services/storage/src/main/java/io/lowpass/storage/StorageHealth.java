package io.lowpass.storage;

import io.lowpass.streaming.StreamHealth;
import io.smallrye.health.api.AsyncHealthCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the bucket exists. */
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
    AsyncHealthCheck live() {
        return health.live();
    }

    @Produces
    @Readiness
    @ApplicationScoped
    AsyncHealthCheck ready() {
        return health.ready("store", service::problem, service::waiting);
    }
}
