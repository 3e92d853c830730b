package io.lowpass.streaming;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Health checks of a service that processes streams. They never use threads that serve requests, so requests cannot
 * block them.
 */
public final class StreamHealth {

    private final String name;
    private final Supplier<Optional<StreamService>> service;
    private final Executor checks;

    /**
     * Checks a service.
     *
     * @param service the service; empty until it has started
     */
    public StreamHealth(String name, Supplier<Optional<StreamService>> service) {
        this.name = name;
        this.service = service;
        this.checks = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, name + "-health");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Alive while the service starts or reads. */
    public AsyncHealthCheck live() {
        return () -> Uni.createFrom().item(() -> {
            Optional<String> problem = service.get().flatMap(StreamService::problem);
            return HealthCheckResponse.named(name)
                    .status(service.get().filter(StreamService::isAlive).isPresent())
                    .withData("threads", problem.orElse("running"))
                    .build();
        });
    }

    /**
     * Ready while the service reads, its dependency is available, and topics, share group and clock are correct.
     *
     * @param need name of the dependency
     * @param problem what is wrong with it; empty if nothing is; may block
     */
    public AsyncHealthCheck ready(String need, Supplier<Optional<String>> problem) {
        return ready(need, problem, List::of);
    }

    /**
     * As the other.
     *
     * @param waiting descriptions of waiting jobs, which do not affect readiness
     */
    public AsyncHealthCheck ready(String need, Supplier<Optional<String>> problem, Supplier<List<String>> waiting) {
        return () ->
                Uni.createFrom().item(() -> readiness(need, problem, waiting)).runSubscriptionOn(checks);
    }

    private HealthCheckResponse readiness(
            String need, Supplier<Optional<String>> problem, Supplier<List<String>> waiting) {
        boolean reading = service.get().filter(StreamService::isReady).isPresent();
        Optional<String> wrong = problem.get();
        Optional<String> broker = service.get().flatMap(StreamService::brokerProblem);
        HealthCheckResponseBuilder answer = HealthCheckResponse.named(name)
                .status(reading && wrong.isEmpty() && broker.isEmpty())
                .withData("reading", reading)
                .withData(need, wrong.orElse("ready"))
                .withData("broker", broker.orElse("ready"));
        List<String> waits = waiting.get();
        return waits.isEmpty()
                ? answer.build()
                : answer.withData("waiting", String.join("; ", waits)).build();
    }
}
