package io.lowpass.sampler;

import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.Chunks;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.sampler.JobRunner.RetryRules;
import io.lowpass.streaming.JobEnds;
import io.lowpass.streaming.JobStates;
import io.lowpass.streaming.MemoryBudget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A real broker with workers on it, and a reader of all that they send. */
final class Workplace implements AutoCloseable {

    private static final Executor HERE = Runnable::run;

    private final EmbeddedKafka kafka;
    private final EventPublisher publisher;
    private final KafkaConsumer<String, byte[]> reader;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();
    private final Deque<Runnable> open = new ArrayDeque<>();
    private int workers;

    Workplace(Path directory, Duration lock) {
        kafka = EmbeddedKafka.start(directory);
        new TopicSetup(2, Optional.empty(), lock).apply(kafka.bootstrapServers());
        publisher = EventPublisher.to(kafka.bootstrapServers());
        reader = new KafkaConsumer<>(KafkaSettings.consumer(kafka.bootstrapServers()));
        List<TopicPartition> partitions =
                List.of(Topics.PROGRESS, Topics.STATE, Topics.LATENTS, Topics.WORKERS, Topics.DEAD_LETTER).stream()
                        .flatMap(topic -> reader.partitionsFor(topic).stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        reader.assign(partitions);
    }

    /** Starts a worker whose only model, "m", is the generator; at most 3 attempts. */
    SamplerWorker worker(Generator generator, MemoryBudget memory) {
        SamplerMetrics metrics = new SamplerMetrics(new SimpleMeterRegistry());
        LoadedModels models = new LoadedModels(memory, Long.MAX_VALUE, metrics);
        models.add("m", ScriptedLoader.of(0, room -> generator), HERE).join();
        JobStates states = new JobStates(kafka.bootstrapServers(), "sampler");
        EventPublisher sender = EventPublisher.to(kafka.bootstrapServers());
        Outbox outbox = new Outbox(sender, new JobEnds(kafka.bootstrapServers(), states));
        RetryRules rules = new RetryRules(3, Duration.ofMillis(50));
        workers++;
        String name = "worker-" + workers;
        WorkerNotices notices = new WorkerNotices(name, sender, models, Duration.ofMinutes(1));
        SamplerWorker worker = new SamplerWorker(
                name, kafka.bootstrapServers(), new JobRunner(models, states, outbox, metrics, rules), notices);
        catchUp(states);
        worker.start();
        open.push(outbox::close);
        open.push(states::close);
        open.push(notices::close);
        open.push(worker::close);
        return worker;
    }

    /** As the service does before it takes jobs: what ended before then is known to be over. */
    private static void catchUp(JobStates states) {
        try {
            states.catchUp();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted before the worker knew which jobs are over", e);
        }
    }

    SamplerWorker worker(Generator generator) {
        return worker(generator, MemoryBudget.of(Long.MAX_VALUE));
    }

    String bootstrap() {
        return kafka.bootstrapServers();
    }

    static Job job(String id, int steps) {
        return new Job(
                id,
                "a ball",
                "",
                "m",
                new Size(64, 64),
                9,
                8,
                steps,
                5,
                3,
                "euler",
                42,
                CacheSettings.NONE,
                new Output("videos", id + ".mp4"),
                Optional.empty(),
                Map.of(),
                Instant.now(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    void send(Event event) {
        publisher.send(event).join();
    }

    void send(String topic, @Nullable String key, byte[] value) {
        publisher
                .send(new org.apache.kafka.clients.producer.ProducerRecord<>(topic, key, value))
                .join();
    }

    /** Sends what says that it is an event of the type, and may be none. */
    void sendAs(EventType type, String key, byte[] value) {
        var record = new org.apache.kafka.clients.producer.ProducerRecord<>(type.topic(), key, value);
        record.headers().add(Events.TYPE_HEADER, type.text().getBytes(StandardCharsets.UTF_8));
        publisher.send(record).join();
    }

    /** The events of a job so far, each topic in its order. */
    <E extends Event> List<E> events(@Nullable String jobId, Class<E> type) {
        return records(jobId).stream()
                .filter(record -> !record.topic().equals(Topics.LATENTS)
                        && !record.topic().equals(Topics.DEAD_LETTER))
                .map(Events::read)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** The name of the worker that was started last. */
    String lastWorker() {
        return "worker-" + workers;
    }

    List<Chunk> latents(String jobId) {
        return records(jobId).stream()
                .filter(record -> record.topic().equals(Topics.LATENTS))
                .map(Chunks::read)
                .toList();
    }

    List<ConsumerRecord<String, byte[]>> deadLetters(@Nullable String jobId) {
        return records(jobId).stream()
                .filter(record -> record.topic().equals(Topics.DEAD_LETTER))
                .toList();
    }

    /** All that is there at the time of the call. */
    private synchronized List<ConsumerRecord<String, byte[]>> records(@Nullable String jobId) {
        Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            reader.poll(Duration.ofMillis(50)).forEach(seen::add);
        }
        return seen.stream()
                .filter(record -> Objects.equals(jobId, record.key()))
                .toList();
    }

    /**
     * Jobs that the share group has not finished with, waiting and running. What the broker does not say counts as one:
     * before the first worker has joined, nothing is settled.
     */
    long lag() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin
                    .listShareGroupOffsets(Map.of(Topics.SAMPLERS, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(Topics.SAMPLERS)
                    .get()
                    .values()
                    .stream()
                    .mapToLong(info -> Optional.ofNullable(info)
                            .flatMap(SharePartitionOffsetInfo::lag)
                            .orElse(1L))
                    .reduce(Long::sum)
                    .orElse(1L);
        }
    }

    /** Stops the workers and what belongs to them. */
    void closeWorkers() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
    }

    @Override
    public void close() {
        closeWorkers();
        reader.close();
        publisher.close();
        kafka.close();
    }
}
