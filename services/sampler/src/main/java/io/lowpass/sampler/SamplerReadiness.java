package io.lowpass.sampler;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the default model has been loaded, while it is usable and jobs are taken. Its eviction in favour of
 * another model does not matter.
 */
@Readiness
class SamplerReadiness implements HealthCheck {

    private final SamplerService sampler;

    SamplerReadiness(SamplerService sampler) {
        this.sampler = sampler;
    }

    @Override
    public HealthCheckResponse call() {
        String model = sampler.defaultModel();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("sampler model")
                .withData("model", model)
                .withData("warm", String.join(",", sampler.models().warm()))
                .withData("streamed", String.join(",", sampler.models().streamed()))
                .status(sampler.models().isUsable(model) && sampler.obstacle().isEmpty());
        sampler.obstacle().ifPresent(obstacle -> response.withData("jobs", obstacle));
        sampler.models().problem(model).ifPresent(problem -> response.withData("problem", problem));
        return response.build();
    }
}
