package io.lowpass.ingestion;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Alive while its threads run; ready when all jobs are known, the broker responds, and topics and clock are correct.
 */
@ApplicationScoped
public class IngestionHealth {

    private static final Duration SILENCE = Duration.ofSeconds(30);

    @Produces
    @Liveness
    AsyncHealthCheck threads(Ingestion ingestion) {
        return told(() -> HealthCheckResponse.named("ingestion threads").status(ingestion.isAlive()));
    }

    @Produces
    @Readiness
    AsyncHealthCheck view(JobViews states) {
        return told(() -> HealthCheckResponse.named("ingestion view")
                .status(states.isCaughtUp())
                .withData("openJobs", states.open()));
    }

    @Produces
    @Readiness
    AsyncHealthCheck broker(ShareGroupLag lag) {
        return told(() -> HealthCheckResponse.named("ingestion broker")
                .status(lag.answeredAt().isAfter(Instant.now().minus(SILENCE)))
                .withData("answeredAt", lag.answeredAt().toString()));
    }

    @Produces
    @Readiness
    AsyncHealthCheck topics(Ingestion ingestion) {
        return told(() -> {
            Optional<String> problem = ingestion.brokerProblem();
            return HealthCheckResponse.named("ingestion topics")
                    .status(problem.isEmpty())
                    .withData("problem", problem.orElse("none"));
        });
    }

    /** Checks never block, so requests cannot starve them of threads. */
    private static AsyncHealthCheck told(Supplier<HealthCheckResponseBuilder> check) {
        return () -> Uni.createFrom().item(() -> check.get().build());
    }
}
