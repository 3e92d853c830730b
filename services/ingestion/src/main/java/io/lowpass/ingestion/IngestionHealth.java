package io.lowpass.ingestion;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Alive while its threads run; ready when it knows all jobs and the broker answers. */
@ApplicationScoped
public class IngestionHealth {

    private static final Duration SILENCE = Duration.ofSeconds(30);

    @Produces
    @Liveness
    HealthCheck threads(Ingestion ingestion) {
        return () -> HealthCheckResponse.named("ingestion threads")
                .status(ingestion.isAlive())
                .build();
    }

    @Produces
    @Readiness
    HealthCheck view(JobStates states) {
        return () -> HealthCheckResponse.named("ingestion view")
                .status(states.isCaughtUp())
                .withData("openJobs", states.open())
                .build();
    }

    @Produces
    @Readiness
    HealthCheck broker(ShareGroupLag lag) {
        return () -> HealthCheckResponse.named("ingestion broker")
                .status(lag.answeredAt().isAfter(Instant.now().minus(SILENCE)))
                .withData("answeredAt", lag.answeredAt().toString())
                .build();
    }
}
