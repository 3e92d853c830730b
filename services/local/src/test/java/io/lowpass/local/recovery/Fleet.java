package io.lowpass.local.recovery;

import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.embedded.EmbeddedS3;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A broker, a store, and every service in processes of its own. */
final class Fleet implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(120);

    private final Path directory;
    private final EmbeddedKafka kafka;
    private final EmbeddedS3 s3;
    private final KafkaProducer<String, byte[]> producer;
    private final EventPublisher publisher;
    private final Admin admin;
    private final Map<Killed, List<ServiceProcess>> processes = new EnumMap<>(Killed.class);
    private final Map<ServiceProcess, String> members = new HashMap<>();

    /** Starts all of it, one process of each service, and waits until they are at work. */
    Fleet(Path directory) throws Exception {
        this.directory = directory;
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        s3 = EmbeddedS3.start(directory.resolve("s3"));
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        producer = new KafkaProducer<>(KafkaSettings.producer(kafka.bootstrapServers()));
        publisher = EventPublisher.to(kafka.bootstrapServers());
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        for (Killed service : Killed.values()) {
            processes.put(service, new ArrayList<>());
            start(service);
            awaitMembers(service);
        }
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    List<ServiceProcess> processes(Killed service) {
        return List.copyOf(processes.get(service));
    }

    /** Starts one more process of the service. */
    void start(Killed service) {
        processes
                .get(service)
                .add(ServiceProcess.start(
                        service.toString(),
                        kafka.bootstrapServers(),
                        s3.endpoint(),
                        directory.resolve(service + ".log")));
    }

    /** Kills a process of the service. */
    void kill(Killed service, ServiceProcess process) {
        process.kill();
        processes.get(service).remove(process);
        members.remove(process);
    }

    /** Waits until every process of the service, and nobody else, has its share of the work. */
    void awaitMembers(Killed service) throws Exception {
        List<ServiceProcess> alive = processes.get(service);
        if (service == Killed.SAMPLER) {
            for (ServiceProcess process : alive) {
                awaitWarm(process);
            }
            return;
        }
        await().atMost(LONG).ignoreExceptions().until(() -> {
            Collection<MemberDescription> found = describe(service);
            return found.size() == alive.size()
                    && found.stream()
                            .noneMatch(m -> m.assignment().topicPartitions().isEmpty());
        });
        // The one that is new belongs to the process that is new.
        describe(service).stream()
                .map(MemberDescription::consumerId)
                .filter(id -> !members.containsValue(id))
                .forEach(id -> alive.stream()
                        .filter(process -> !members.containsKey(process))
                        .findFirst()
                        .ifPresent(process -> members.put(process, id)));
    }

    /** The sampler says when the model is in its memory. */
    private void awaitWarm(ServiceProcess process) {
        try (Watched workers = Watched.fromTheBeginning(kafka.bootstrapServers(), Topics.WORKERS)) {
            workers.await(record -> record.key().endsWith("-" + process.pid())
                    && new String(record.value(), StandardCharsets.UTF_8).contains("\"warm\":true"));
        }
    }

    /** The partitions that the process reads. */
    Set<Integer> partitions(Killed service, ServiceProcess process) throws Exception {
        return describe(service).stream()
                .filter(member -> member.consumerId().equals(members.get(process)))
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .map(partition -> partition.partition())
                .collect(Collectors.toSet());
    }

    /** Names of all members of ordered groups: one that was taken for dead comes back under another. */
    Set<String> members() throws Exception {
        Set<String> ids = new TreeSet<>();
        for (Killed service : List.of(Killed.INGESTION, Killed.ENCODER, Killed.STORAGE)) {
            describe(service).forEach(member -> ids.add(member.consumerId()));
        }
        return ids;
    }

    private Collection<MemberDescription> describe(Killed service) throws Exception {
        return admin.describeConsumerGroups(List.of(service.group()))
                .describedGroups()
                .get(service.group())
                .get()
                .members();
    }

    /** Sends a small request. */
    void submit(String jobId, int steps) throws Exception {
        String request =
                "{\"prompt\": \"a red ball\", \"size\": \"64x48\", \"numFrames\": 5, \"steps\": " + steps + "}";
        producer.send(new ProducerRecord<>(Topics.REQUESTS, jobId, request.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    /** Cancels a job. */
    void cancel(String jobId) {
        publisher.send(new CancelRequested(jobId, Instant.now(), "measured")).join();
    }

    @Override
    public void close() {
        processes.values().forEach(some -> some.forEach(ServiceProcess::close));
        admin.close();
        publisher.close();
        producer.close();
        s3.close();
        kafka.close();
    }
}
