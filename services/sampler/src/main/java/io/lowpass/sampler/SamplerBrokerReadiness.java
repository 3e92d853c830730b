package io.lowpass.sampler;

import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while topics, share group and clock are correct. */
@Readiness
class SamplerBrokerReadiness implements HealthCheck {

    private final SamplerService sampler;

    SamplerBrokerReadiness(SamplerService sampler) {
        this.sampler = sampler;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> problem = sampler.brokerProblem();
        return HealthCheckResponse.named("sampler broker")
                .status(problem.isEmpty())
                .withData("problem", problem.orElse("none"))
                .build();
    }
}
