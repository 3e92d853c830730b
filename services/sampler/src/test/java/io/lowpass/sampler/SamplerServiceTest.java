package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class SamplerServiceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Settings(Duration heartbeat, IntSupplier tries) implements SamplerSettings {

        @Override
        public String defaultModel() {
            return "demo";
        }

        @Override
        public int attempts() {
            return tries.getAsInt();
        }

        @Override
        public Duration backOff() {
            return Duration.ofSeconds(1);
        }

        @Override
        public OptionalLong weightsLimit() {
            return OptionalLong.empty();
        }

        @Override
        public OptionalLong memoryLimit() {
            return OptionalLong.empty();
        }
    }

    private static SamplerService service(Settings settings) {
        return new SamplerService(settings, Map::of, new SimpleMeterRegistry(), "localhost:1", Optional.empty());
    }

    @Test
    void aHeartbeatThatIsTooShortIsRefusedByName() {
        assertThatThrownBy(() -> service(new Settings(Duration.ZERO, () -> 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lowpass.sampler.heartbeat is PT0S");
    }

    @Test
    void aWorkerThatCannotStartEndsTheLifeOfTheProcess() {
        // Given
        SamplerService service = service(new Settings(Duration.ofSeconds(30), () -> {
            throw new IllegalStateException("nobody expects this");
        }));
        assertThat(service.isAlive()).isTrue();
        // When
        service.start(new StartupEvent());
        await().atMost(PATIENCE).until(() -> !service.isAlive());
        HealthCheckResponse health = new SamplerLiveness(service).call();
        service.stop(new ShutdownEvent());
        // Then
        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(health.getData())
                .hasValueSatisfying(data -> assertThat(String.valueOf(data.get("problem")))
                        .contains("could not start", "nobody expects this"));
    }
}
