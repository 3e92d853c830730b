package io.lowpass.streaming;

import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * What a service around a stream tells of its health.
 *
 * @param name of the service
 * @param service what it reads by; empty until that was started
 */
public record StreamHealth(String name, Supplier<Optional<StreamService>> service) {

    /** Alive while it starts or reads. */
    public HealthCheck live() {
        return () -> {
            Optional<String> problem = service.get().flatMap(StreamService::problem);
            return HealthCheckResponse.named(name)
                    .status(service.get().filter(StreamService::isAlive).isPresent())
                    .withData("threads", problem.orElse("running"))
                    .build();
        };
    }

    /**
     * Ready while it reads and what it needs is there.
     *
     * @param need what it needs, in a word
     * @param problem what is wrong with that; empty if nothing is
     */
    public HealthCheck ready(String need, Supplier<Optional<String>> problem) {
        return () -> {
            boolean reading = service.get().filter(StreamService::isReady).isPresent();
            Optional<String> wrong = problem.get();
            return HealthCheckResponse.named(name)
                    .status(reading && wrong.isEmpty())
                    .withData("reading", reading)
                    .withData(need, wrong.orElse("ready"))
                    .build();
        };
    }
}
