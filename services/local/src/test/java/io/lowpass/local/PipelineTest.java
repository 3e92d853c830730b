package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.EventSchemas;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Accepted;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.JobRequested;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.StepCounts;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.Video;
import io.lowpass.embedded.EmbeddedS3;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a request on a topic to a video in a bucket, through all four services, a real broker and a real store. */
@QuarkusTest
@QuarkusTestResource(value = Stack.class, restrictToAnnotatedClass = true)
class PipelineTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    @ConfigProperty(name = "lowpass.s3.endpoint")
    String s3;

    @TempDir
    Path directory;

    private static Map<String, Object> request(int steps) {
        return Map.of(
                "prompt",
                "a red ball",
                "size",
                "64x48",
                "numFrames",
                5,
                "steps",
                steps,
                "seed",
                7,
                "cache",
                Map.of("policy", "fixed", "every", 2));
    }

    /** Sends a request and returns what happened until {@code last}, which may send something itself. */
    private List<JobEvent> run(String jobId, Map<String, Object> request, Predicate<JobEvent> last) {
        List<JobEvent> events = new ArrayList<>();
        try (JobEvents follower = new JobEvents(bootstrap, jobId, false);
                EventPublisher publisher = EventPublisher.to(bootstrap)) {
            publisher.send(new JobRequested(jobId, Instant.now(), request)).join();
            long end = System.nanoTime() + LONG.toNanos();
            while (System.nanoTime() < end && events.stream().noneMatch(last)) {
                events.addAll(follower.next());
            }
        }
        assertThat(events).as("events of " + jobId).anyMatch(last);
        return events;
    }

    private static <E> List<E> only(List<JobEvent> events, Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Test
    void aRequestBecomesAVideo() throws Exception {
        // When
        List<JobEvent> events = run("video", request(4), JobEvent::isTerminal);

        // Then
        assertThat(only(events, Accepted.class)).hasSize(1);
        assertThat(only(events, Started.class)).hasSize(1);
        List<Progress> steps = only(events, Progress.class).stream()
                .filter(progress -> progress.stage() == Stage.DENOISE)
                .toList();
        assertThat(steps).extracting(Progress::step).containsExactly(1, 2, 3, 4);
        assertThat(steps)
                .extracting(progress -> progress.cache().orElseThrow().decision())
                .containsExactly("compute", "reuse", "compute", "reuse");
        Completed completed = only(events, Completed.class).get(0);
        assertThat(completed.cache()).isEqualTo(new StepCounts(4, 2, 2, 0));
        assertThat(completed.timings()).containsKeys("queued", "text", "denoise", "decode", "upload", "total");
        Video video = completed.output();
        Path file = directory.resolve("video.mp4");
        Bucket.fetch(s3, EmbeddedS3.DEFAULT_KEY, video, file);
        assertThat(Files.size(file)).isEqualTo(video.bytes()).isPositive();
        assertThat(video.frames()).isEqualTo(5);
        byte[] bytes = Files.readAllBytes(file);
        assertThat(new String(bytes, 4, 4, StandardCharsets.ISO_8859_1)).isEqualTo("ftyp");
        everyEventKeepsTheContract("video");
    }

    @Test
    void cancelEndsTheJobWithoutAVideo() throws Exception {
        // Given
        List<JobEvent> begun = run("cancelled", request(1000), Progress.class::isInstance);

        // When
        try (JobEvents follower = new JobEvents(bootstrap, "cancelled", false);
                EventPublisher publisher = EventPublisher.to(bootstrap)) {
            publisher
                    .send(new CancelRequested("cancelled", Instant.now(), "enough"))
                    .join();
            List<JobEvent> events = new ArrayList<>(begun);
            long end = System.nanoTime() + LONG.toNanos();
            while (System.nanoTime() < end && events.stream().noneMatch(JobEvent::isTerminal)) {
                events.addAll(follower.next());
            }

            // Then
            assertThat(only(events, Cancelled.class))
                    .singleElement()
                    .extracting(Cancelled::reason)
                    .isEqualTo("enough");
            assertThat(only(events, Completed.class)).isEmpty();
        }
        everyEventKeepsTheContract("cancelled");
    }

    @Test
    void aBadRequestIsRefusedWithAllItsFields() throws Exception {
        // When
        List<JobEvent> events = run("refused", Map.of("prompt", "", "steps", 0, "size", "65x48"), JobEvent::isTerminal);

        // Then
        Rejected rejected = only(events, Rejected.class).get(0);
        assertThat(rejected.errors())
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("prompt", "steps", "size");
        everyEventKeepsTheContract("refused");
    }

    @Test
    void aVideoThatWouldNotFitIsRefusedWithTheEstimate() throws Exception {
        // When
        List<JobEvent> events =
                run("huge", Map.of("prompt", "a red ball", "size", "512x512", "numFrames", 129), JobEvent::isTerminal);

        // Then
        Failed failed = only(events, Failed.class).get(0);
        assertThat(failed.error().code()).isEqualTo("RESOURCE.MEMORY");
        assertThat(failed.error().errorClass()).isEqualTo(ErrorClass.PERMANENT);
        assertThat(failed.error().message()).contains("512x512 with 129 frames needs about");
        assertThat(only(events, Started.class)).isEmpty();
        everyEventKeepsTheContract("huge");
    }

    @Test
    void aReplayTellsTheSameStoryInOrder() {
        // Given
        run("replayed", request(3), JobEvent::isTerminal);

        // When
        List<JobEvent> past;
        try (JobEvents follower = new JobEvents(bootstrap, "replayed", true)) {
            past = follower.past();
        }

        // Then
        assertThat(past.get(0)).isInstanceOf(Accepted.class);
        assertThat(past.get(past.size() - 1)).isInstanceOf(Completed.class);
        assertThat(only(past, Completed.class)).hasSize(1);
        assertThat(past).isSortedAccordingTo(Comparator.comparing(JobEvent::at));
    }

    private void everyEventKeepsTheContract(String jobId) throws InterruptedException {
        EventSchemas schemas = new EventSchemas();
        try (KafkaConsumer<String, byte[]> reader = new KafkaConsumer<>(KafkaSettings.consumer(bootstrap))) {
            List<TopicPartition> partitions = Stream.of(Topics.JOBS, Topics.PROGRESS, Topics.STATE, Topics.CONTROL)
                    .flatMap(topic -> reader.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            reader.assign(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            long terminal = 0;
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                for (var record : reader.poll(Duration.ofMillis(200))) {
                    assertThat(schemas.check(record))
                            .as(record.topic() + " " + record.key())
                            .isEmpty();
                    if (jobId.equals(record.key()) && Events.read(record) instanceof JobEvent event) {
                        terminal += event.isTerminal() ? 1 : 0;
                    }
                }
            }
            assertThat(terminal).as("ends of " + jobId).isEqualTo(1);
        }
    }

    @Test
    void aFetchOfWhatIsNotThereSaysSo() {
        // Given
        Video missing = new Video(
                "videos", "none.mp4", "s3://videos/none.mp4", "video/mp4", 1, "00", 1, 1, 1, 1, Optional.empty());

        // Then
        assertThatThrownBy(() -> Bucket.fetch(s3, EmbeddedS3.DEFAULT_KEY, missing, directory.resolve("none.mp4")))
                .hasMessageContaining("s3://videos/none.mp4");
    }
}
