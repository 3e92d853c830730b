package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventType;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.TopicEnds;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.request.JobIds;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.streaming.CancellationToken;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several intakes that refuse, replace and outrun each other while requests come in. */
@SuppressWarnings("try") // a process works while it is open
class RequestIntakeTest {

    private static final Duration LONG = Duration.ofSeconds(90);
    private static final EndedJobs.Retention KEPT = new EndedJobs.Retention(1_000, Duration.ofDays(1));
    private static final int REQUESTS = 60;
    private static final int PAIRS = 15;

    /** Of the four partitions the first two go to one process, the last two to the other. */
    private static final int HERE = 0;

    private static final int THERE = 3;

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;
    private Wire wire;

    /** One process: a view and an intake, each on a thread of its own. */
    private static final class Process implements AutoCloseable {

        private final CancellationToken stop = new CancellationToken();
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final Thread view;
        private final Thread intake;

        Process(String bootstrapServers) {
            JobViews states = new JobViews(KEPT, Clock.systemUTC());
            RequestValidation validation =
                    new RequestValidation(ModelCatalogue.SHIPPED, "videos", Clock.systemUTC(), new Random());
            RequestIntake requests = new RequestIntake(new Admission(validation, states), states, meters);
            view = new Thread(() -> {
                try (var consumer = new KafkaConsumer<String, byte[]>(KafkaSettings.consumer(bootstrapServers));
                        TopicEnds ends = new TopicEnds(bootstrapServers)) {
                    states.follow(consumer, ends, stop);
                }
            });
            intake = new Thread(() -> {
                try {
                    requests.run(bootstrapServers, stop);
                } catch (InterruptedException e) {
                    stop.cancel();
                }
            });
            view.start();
            intake.start();
        }

        /** Requests that it has decided about. */
        double taken() {
            return meters.find("lowpass.ingestion.requests").counters().stream()
                    .mapToDouble(Counter::count)
                    .sum();
        }

        @Override
        public void close() {
            stop.cancel();
            try {
                view.join();
                intake.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(directory);
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        wire = new Wire(kafka.bootstrapServers());
    }

    @AfterEach
    void stop() {
        wire.close();
        kafka.close();
    }

    @Test
    void processesThatComeAndGoLeaveNoRequestUndoneAndNoneDoneTwice() {
        // Given
        Process first = process();
        for (int i = 0; i < REQUESTS; i++) {
            wire.request("r" + i, body("a", ""));
        }
        // When: a second joins while the first is at work, and the first leaves
        try (Process second = process()) {
            await().atMost(LONG).until(() -> count(EventType.RESOLVED) >= REQUESTS / 2);
            first.close();
            await().atMost(LONG).until(() -> count(EventType.RESOLVED) >= REQUESTS);
            wire.settle("r0", "settled");
        }
        // Then
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(wire.about("r" + i))
                    .extracting(Event::type)
                    .containsExactlyInAnyOrder(EventType.ACCEPTED, EventType.RESOLVED);
        }
    }

    @Test
    void whatTopicsRefuseForItsSizeHoldsNoRequestUp() {
        // Given: topics that take less than they should, as a broker's defaults may have it
        limit(Topics.JOBS, 1_500);
        limit(Topics.DEAD_LETTER, 600);
        String large = "a".repeat(5_000);
        try (Process only = process()) {
            // When: a job that is too large, a letter that fits once it is short, and one that never does
            send(HERE, "large", body(large, ""));
            send(HERE, "small", body("a ball", ""));
            send(HERE, "small", body(large, ""));
            send(HERE, "small" + "!".repeat(300), body(large, ""));
            wire.expect("large", Rejected.class);
            limit(Topics.JOBS, 1 << 20);
            settle();
            // Then
            assertThat(only.taken()).isGreaterThanOrEqualTo(5);
        }
        assertThat(wire.about("large"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.errors())
                                .singleElement()
                                .satisfies(error -> {
                                    assertThat(error.code()).isEqualTo("REQUEST.TOO_LARGE");
                                    assertThat(error.field()).isEqualTo("prompt");
                                }));
        assertThat(wire.about("small"))
                .extracting(Event::type)
                .containsExactlyInAnyOrder(EventType.ACCEPTED, EventType.RESOLVED);
    }

    private void limit(String topic, int bytes) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    @Test
    void twoProcessesThatGetOneIdempotencyKeyAtOnceAcceptOneJob() {
        try (Process one = process();
                Process other = process()) {
            // Given: both are at work
            awaitBoth(one, other);
            // When: the same request in a partition of each
            for (int i = 0; i < PAIRS; i++) {
                send(HERE, null, body("a ball", "key-" + i));
                send(THERE, null, body("a ball", "key-" + i));
            }
            settle();
        }
        // Then
        for (int i = 0; i < PAIRS; i++) {
            assertThat(wire.about(JobIds.of("key-" + i)))
                    .extracting(Event::type)
                    .containsExactlyInAnyOrder(EventType.ACCEPTED, EventType.RESOLVED);
        }
        assertThat(count(EventType.RESOLVED)).isEqualTo(count(EventType.ACCEPTED));
        assertThat(deadLetters()).isZero();
    }

    @Test
    void twoProcessesThatGetOneNameForDifferentRequestsAcceptOneOfThem() {
        try (Process one = process();
                Process other = process()) {
            // Given: both are at work
            awaitBoth(one, other);
            // When: the same job id, and different job ids with the same idempotency key
            for (int i = 0; i < PAIRS; i++) {
                send(HERE, "name-" + i, body("a ball", ""));
                send(THERE, "name-" + i, body("a cat", ""));
                send(HERE, "here-" + i, body("a ball", "shared-" + i));
                send(THERE, "there-" + i, body("a cat", "shared-" + i));
            }
            settle();
        }
        // Then
        for (int i = 0; i < PAIRS; i++) {
            assertThat(wire.about("name-" + i))
                    .extracting(Event::type)
                    .containsExactlyInAnyOrder(EventType.ACCEPTED, EventType.RESOLVED);
            assertThat(wire.about("here-" + i).size() + wire.about("there-" + i).size())
                    .isEqualTo(2);
        }
        assertThat(deadLetters()).isEqualTo(2L * PAIRS);
    }

    private Process process() {
        return new Process(kafka.bootstrapServers());
    }

    private void awaitBoth(Process one, Process other) {
        int[] sent = {0};
        await().atMost(LONG).pollInterval(Duration.ofMillis(500)).until(() -> {
            send(HERE, "warm-here-" + sent[0], body("warm", ""));
            send(THERE, "warm-there-" + sent[0], body("warm", ""));
            sent[0]++;
            return one.taken() > 0 && other.taken() > 0;
        });
    }

    /** Waits until every request that was sent has been decided about. */
    private void settle() {
        IntStream.of(HERE, THERE).forEach(partition -> {
            send(partition, "settled-" + partition, body("settles", ""));
            wire.expect("settled-" + partition, io.lowpass.contracts.Job.class);
        });
    }

    private void send(int partition, @Nullable String key, byte[] body) {
        wire.send(new ProducerRecord<>(Topics.REQUESTS, partition, key, body));
    }

    private static byte[] body(String prompt, String idempotencyKey) {
        String key = idempotencyKey.isEmpty() ? "" : ", \"idempotencyKey\": \"" + idempotencyKey + "\"";
        return ("{\"prompt\": \"" + prompt + "\"" + key + "}").getBytes(StandardCharsets.UTF_8);
    }

    private long deadLetters() {
        return wire.seen().stream()
                .filter(record -> record.topic().equals(Topics.DEAD_LETTER))
                .count();
    }

    private long count(EventType type) {
        return wire.seen().stream()
                .filter(record -> record.topic().equals(type.topic()))
                .filter(record -> io.lowpass.contracts.Events.typeOf(record)
                        .filter(type::equals)
                        .isPresent())
                .count();
    }
}
