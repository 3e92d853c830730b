package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.WorkerKind;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.WorkerStatePublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class WorkerStatePublisherTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final LoadedModels models =
            new LoadedModels(MemoryBudget.of(1), 1, new SamplerMetrics(new SimpleMeterRegistry()));

    @Test
    void nothingIsToldOfAWorkerThatIsDead() {
        // Given
        AtomicBoolean alive = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        try (WorkerStatePublisher workerState = new WorkerStatePublisher(
                "w", WorkerKind.SAMPLER, new EventPublisher(producer), models::states, Duration.ofMillis(10))) {
            workerState.publishOnlyWhile(() -> {
                asked.incrementAndGet();
                return alive.get();
            });
            await().atMost(PATIENCE).until(() -> producer.history().size() > 3);
            // When
            alive.set(false);
            awaitMore(asked);
            int told = producer.history().size();
            awaitMore(asked);
            // Then
            assertThat(producer.history()).hasSize(told);
            // When
            alive.set(true);
            // Then
            await().atMost(PATIENCE).until(() -> producer.history().size() > told);
        }
    }

    @Test
    void aBeatThatFailsIsNotTheLast() {
        // Given
        AtomicInteger asked = new AtomicInteger();
        try (WorkerStatePublisher workerState = new WorkerStatePublisher(
                "w", WorkerKind.SAMPLER, new EventPublisher(producer), models::states, Duration.ofMillis(10))) {
            // When
            workerState.publishOnlyWhile(() -> {
                if (asked.incrementAndGet() == 1) {
                    throw new IllegalStateException("nobody expects this");
                }
                return true;
            });
            // Then
            awaitMore(asked);
        }
    }

    private static void awaitMore(AtomicInteger asked) {
        int before = asked.get();
        await().atMost(PATIENCE).until(() -> asked.get() > before + 3);
    }
}
