package io.lowpass.trials.chaos;

import io.lowpass.trials.processes.ServiceClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Waits after the last fault until nothing is left to do; otherwise reports what is left. */
final class Settling {

    /** Longer than any timeout of the services: locks, sessions, transactions. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final long BETWEEN_LOOKS = 1000;
    private static final List<String> GAUGES =
            List.of("lowpass_encoder_streams", "lowpass_storage_streams", "lowpass_ingestion_jobs_open");

    private final Deployment deployment;
    private final EventFollower events;
    private final List<SentJob> jobs;

    Settling(Deployment deployment, EventFollower events, List<SentJob> jobs) {
        this.deployment = deployment;
        this.events = events;
        this.jobs = jobs;
    }

    /**
     * Waits until nothing is left, or nothing has changed for two minutes.
     *
     * @param tell receives what it is waiting for
     * @return what is left
     */
    List<String> await(Consumer<String> tell) throws InterruptedException {
        try (GroupLags lags = new GroupLags(deployment.bootstrap())) {
            List<String> left = List.of();
            int seen = -1;
            long changed = System.nanoTime();
            while (System.nanoTime() - changed < PATIENCE.toNanos()) {
                List<String> now = left(lags);
                if (now.isEmpty()) {
                    return now;
                }
                if (!now.equals(left) || events.count() != seen) {
                    changed = System.nanoTime();
                }
                left = now;
                seen = events.count();
                tell.accept(left.size() + " things are left to do: " + left.get(0));
                Thread.sleep(BETWEEN_LOOKS);
            }
            return left;
        }
    }

    private List<String> left(GroupLags lags) throws InterruptedException {
        List<String> left = new ArrayList<>();
        for (SentJob job : jobs) {
            if (!job.acknowledged().isDone()) {
                left.add(job.plan().name() + " was never acknowledged");
            }
        }
        for (Map.Entry<String, ServiceClient> client : deployment.clients().entrySet()) {
            String service = client.getKey();
            left.addAll(left(service, client.getValue()));
            deployment.server(service).temporaryFiles().forEach(file -> left.add(service + " has the file " + file));
        }
        left.addAll(lags.lines());
        return left;
    }

    private static List<String> left(String service, ServiceClient client) throws InterruptedException {
        List<String> left = new ArrayList<>();
        for (String kind : List.of("live", "ready")) {
            ServiceClient.Answer answer = client.health(kind);
            if (answer.status() != 200) {
                left.add(service + " is not " + kind + ": " + answer.text().replaceAll("\\s+", " "));
            }
        }
        Map<String, Double> metrics = client.metrics();
        for (String gauge : GAUGES) {
            double value = metrics.getOrDefault(gauge, 0.0);
            if (value > 0) {
                left.add(service + " has " + gauge + " " + (long) value);
            }
        }
        return left;
    }
}
