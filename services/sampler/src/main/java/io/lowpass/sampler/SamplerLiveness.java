package io.lowpass.sampler;

import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/** Alive while the worker's loop is running, also during jobs of any length. */
@Liveness
class SamplerLiveness implements HealthCheck {

    private final SamplerService sampler;

    SamplerLiveness(SamplerService sampler) {
        this.sampler = sampler;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> problem = sampler.problem();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("sampler worker").status(problem.isEmpty());
        problem.ifPresent(why -> response.withData("problem", why));
        return response.build();
    }
}
