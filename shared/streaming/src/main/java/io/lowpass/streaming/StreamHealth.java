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
 * What a service around a stream tells of its health. No check needs a thread of those that answer requests, so that
 * requests cannot keep it from one.
 */
public final class StreamHealth {

    private final String name;
    private final Supplier<Optional<StreamService>> service;
    private final Executor checks;

    /**
     * Tells of a service.
     *
     * @param service what it reads by; empty until that was started
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

    /** Alive while it starts or reads. */
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
     * Ready while it reads, what it needs is there, and topics, share group and clock are as they should be.
     *
     * @param need what it needs, in a word
     * @param problem what is wrong with that; empty if nothing is; may wait for an answer
     */
    public AsyncHealthCheck ready(String need, Supplier<Optional<String>> problem) {
        return ready(need, problem, List::of);
    }

    /**
     * As the other.
     *
     * @param waiting which jobs wait for what, for people; they do not make it unready
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
