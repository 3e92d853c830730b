package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.streaming.CancellationToken;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class IngestionTest {

    private static final String NOBODY = "localhost:1";

    private final List<LogRecord> logged = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final IngestionSettings settings = new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(IngestionSettings.class)
            .build()
            .getConfigMapping(IngestionSettings.class);
    private final JobViews states = new JobViews(settings);

    /** What fails in a way that nobody thought of. */
    private final ShareGroupLag broken = new ShareGroupLag(states, settings, meters) {
        @Override
        public void run(String bootstrapServers, CancellationToken stop) {
            throw new IllegalArgumentException("nobody thought of this");
        }
    };

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord log) {
            logged.add(log);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @Test
    void aThreadThatEndsUnexpectedlyIsLoggedAndTheServiceIsNoLongerAlive() throws InterruptedException {
        // Given
        RequestValidation validation =
                new RequestValidation(ModelCatalogue.SHIPPED, "videos", Clock.systemUTC(), new Random(1));
        RequestIntake intake = new RequestIntake(new Admission(validation, states), states, meters);
        Ingestion ingestion = new Ingestion(
                NOBODY,
                states,
                List.of(intake, broken, new QueuedJobCancellation(states), new ControlDeadLetters(meters)));
        Logger logger = Logger.getLogger(Ingestion.class.getName());
        logger.addHandler(handler);
        try {
            // When
            ingestion.start(new StartupEvent(), meters);
            // Then
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(ingestion.isAlive()).isFalse());
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(logged).anySatisfy(record -> {
                        assertThat(record.getLevel().intValue()).isGreaterThanOrEqualTo(Level.SEVERE.intValue());
                        assertThat(record.getThrown()).hasMessage("nobody thought of this");
                    }));
        } finally {
            logger.removeHandler(handler);
            ingestion.stop(new ShutdownEvent());
        }
    }
}
