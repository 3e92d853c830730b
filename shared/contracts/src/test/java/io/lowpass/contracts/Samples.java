package io.lowpass.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** One event of every type. */
final class Samples {

    static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    static final Job JOB = new Job(
            "job-1",
            "a big red ball",
            "",
            "demo",
            new Size(128, 128),
            17,
            8,
            50,
            5.0,
            3.0,
            "euler",
            Long.MAX_VALUE,
            new CacheSettings(
                    "precise", Optional.of("turbo"), Map.of("alpha", 0.6, "blocks", Map.of("cachedFraction", 0.4))),
            new Output("videos", "job-1.mp4"),
            Optional.of("once"),
            Map.of("team", "ads"),
            AT,
            Map.of());

    static final List<Event> EVENTS = List.of(
            new JobRequested("job-1", AT, Map.of("prompt", "a big red ball", "cache", Map.of("policy", "none"))),
            JOB,
            new JobEvent.Accepted("job-1", AT, JOB, "0".repeat(64)),
            new JobEvent.Rejected("job-1", AT, List.of(new FieldError("VALIDATION.RANGE", "steps", "0", "1 to 1000"))),
            new JobEvent.Started("job-1", 1, AT, "sampler-0", "cpu", Optional.of("demo"), Optional.of(true)),
            new JobRun("job-1", 2, AT, 3, 0, 4, JobRun.State.HANDED_BACK, "sampler-0"),
            new JobEvent.Progress(
                    "job-1",
                    1,
                    AT,
                    JobEvent.Stage.DENOISE,
                    3,
                    50,
                    0.06,
                    12.5,
                    587.5,
                    Optional.of(new CacheDecision(
                            "compute",
                            "lfd",
                            OptionalDouble.of(0.25),
                            OptionalDouble.of(1.5),
                            OptionalDouble.empty(),
                            List.of(0, 3)))),
            new JobEvent.Progress("job-1", 1, AT, JobEvent.Stage.UPLOAD, 1, 1, 1.0, 12.5, 0, Optional.empty()),
            new JobEvent.Waiting("job-1", 1, AT, JobEvent.Stage.UPLOAD, "STORE.SLOWDOWN", "too many requests", false),
            new JobEvent.Completed(
                    "job-1",
                    1,
                    AT,
                    new Video(
                            "videos",
                            "job-1.mp4",
                            "s3://videos/job-1.mp4",
                            "video/mp4",
                            1234,
                            "0".repeat(64),
                            128,
                            128,
                            17,
                            8,
                            Optional.of("0")),
                    Map.of("total", 1000L),
                    new StepCounts(50, 20, 30, 0),
                    42),
            new JobEvent.Failed(
                    "job-1", 2, AT, new JobEvent.Failure("SAMPLER.LOST", ErrorClass.RETRYABLE, "gone"), true),
            new JobEvent.CancelRequested("job-1", AT, "changed my mind"),
            new JobEvent.Cancelled("job-1", 1, AT, 7, "changed my mind"),
            new WorkerState(
                    "sampler-0",
                    AT,
                    WorkerState.Activity.BUSY,
                    Optional.of("job-1"),
                    List.of(
                            new WorkerState.Model("demo", true, false, Optional.empty()),
                            new WorkerState.Model("other", false, false, Optional.of("no such folder"))),
                    Optional.of(WorkerKind.SAMPLER)));

    private Samples() {}

    /** The record as a consumer would see it. */
    static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> sent) {
        return new ConsumerRecord<>(
                sent.topic(),
                0,
                7,
                0,
                TimestampType.CREATE_TIME,
                0,
                sent.value() == null ? 0 : sent.value().length,
                sent.key(),
                sent.value(),
                new RecordHeaders(sent.headers()),
                Optional.empty());
    }
}
