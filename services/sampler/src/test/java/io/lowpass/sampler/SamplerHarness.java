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
import io.lowpass.contracts.WorkerKind;
import io.lowpass.contracts.WorkerState;
import io.lowpass.contracts.WorkerState.Activity;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.streaming.JobEnds;
import io.lowpass.streaming.JobRuns;
import io.lowpass.streaming.JobStates;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.WorkerStatePublisher;
import io.lowpass.testing.kafka.BrokerProcess;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A real broker with workers on it, and a reader of all that they send. */
final class SamplerHarness implements AutoCloseable {

    private static final Executor HERE = Runnable::run;

    private final String bootstrap;
    private final Runnable stopBroker;
    private final EventPublisher publisher;
    private final KafkaConsumer<String, byte[]> reader;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();
    private final Deque<Runnable> open = new ArrayDeque<>();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private int workers;

    SamplerHarness(Path directory, Duration lock) {
        this(EmbeddedKafka.start(directory), lock);
    }

    private SamplerHarness(EmbeddedKafka kafka, Duration lock) {
        this(kafka.bootstrapServers(), kafka::close, lock);
    }

    /** On a broker that may come and go. */
    SamplerHarness(BrokerProcess broker, Duration lock) {
        this(broker.bootstrapServers(), broker::close, lock);
    }

    private SamplerHarness(String bootstrap, Runnable stopBroker, Duration lock) {
        this.bootstrap = bootstrap;
        this.stopBroker = stopBroker;
        new TopicSetup(2, Optional.empty(), lock).apply(bootstrap);
        publisher = EventPublisher.to(bootstrap);
        reader = new KafkaConsumer<>(KafkaSettings.consumer(bootstrap));
        List<TopicPartition> partitions = List.of(
                        Topics.PROGRESS,
                        Topics.STATE,
                        Topics.LATENTS,
                        Topics.WORKERS,
                        Topics.RUNS,
                        Topics.JOBS,
                        Topics.DEAD_LETTER)
                .stream()
                .flatMap(topic -> reader.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        reader.assign(partitions);
        encoder("m");
    }

    /** What all workers counted under a name, with these tags. */
    double counted(String name, String... tags) {
        return registry.find(name).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** An encoder tells which models it can decode. */
    void encoder(String... models) {
        send(new WorkerState(
                "encoder",
                Instant.now(),
                Activity.IDLE,
                Optional.empty(),
                Stream.of(models)
                        .map(name -> new WorkerState.Model(name, true, false, Optional.empty()))
                        .toList(),
                Optional.of(WorkerKind.ENCODER)));
    }

    /** Starts a worker whose only model, "m", is the generator; at most 3 attempts. */
    SamplerWorker worker(Generator generator, MemoryBudget memory) {
        return worker(generator, memory, id -> JobEnds.producer(bootstrap, id));
    }

    /** Starts a worker that notes its runs by producers of the test's. */
    SamplerWorker worker(Generator generator, Function<String, Producer<String, byte[]>> noting) {
        return worker(generator, MemoryBudget.of(Long.MAX_VALUE), noting);
    }

    private SamplerWorker worker(
            Generator generator, MemoryBudget memory, Function<String, Producer<String, byte[]>> noting) {
        SamplerMetrics metrics = new SamplerMetrics(registry);
        LoadedModels models = new LoadedModels(memory, Long.MAX_VALUE, metrics);
        models.add("m", ScriptedLoader.of(0, room -> generator), HERE).join();
        workers++;
        String name = "worker-" + workers;
        SharedState sharedState = new SharedState(
                new JobStates(bootstrap, "sampler"),
                new JobRuns(bootstrap, name, noting),
                new KnownEncoders(bootstrap, name));
        EventPublisher sender = EventPublisher.to(bootstrap);
        JobPublisher publisher = new JobPublisher(sender, new JobEnds(bootstrap, sharedState.states()));
        RetryRules rules = new RetryRules(3, Duration.ofMillis(20));
        WorkerStatePublisher workerState =
                new WorkerStatePublisher(name, WorkerKind.SAMPLER, sender, models::states, Duration.ofMinutes(1));
        SamplerWorker worker = new SamplerWorker(
                name, bootstrap, new JobRunner(models, sharedState, publisher, metrics, rules), workerState);
        catchUp(sharedState);
        worker.start();
        open.push(publisher::close);
        open.push(sharedState::close);
        open.push(workerState::close);
        open.push(worker::close);
        return worker;
    }

    /** As the service does before it takes jobs: what ended before then is known to be over. */
    private static void catchUp(SharedState sharedState) {
        try {
            sharedState.catchUp();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted before the worker knew which jobs are over", e);
        }
    }

    SamplerWorker worker(Generator generator) {
        return worker(generator, MemoryBudget.of(Long.MAX_VALUE));
    }

    String bootstrap() {
        return bootstrap;
    }

    static Job job(String id, int steps) {
        return job(id, "m", steps);
    }

    static Job job(String id, String model, int steps) {
        return new Job(
                id,
                "a ball",
                "",
                model,
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
                Map.of());
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
                        && !record.topic().equals(Topics.JOBS)
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

    /** The job's records on the topic of jobs, first the one that was sent. */
    List<ConsumerRecord<String, byte[]>> copies(String jobId) {
        return records(jobId).stream()
                .filter(record -> record.topic().equals(Topics.JOBS))
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
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
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
        stopBroker.run();
    }
}
