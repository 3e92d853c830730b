package io.lowpass.ingestion;

import io.lowpass.contracts.DeadLetters;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Topics;
import io.lowpass.ingestion.Admission.Decision;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Takes requests from their topic. What follows from a request and the note that it has been dealt with are one
 * transaction: a crash at any point leaves all of it or nothing, and never two jobs.
 *
 * <p>Processes share the partitions, and requests for one name may be in several of them. So that two processes never
 * accept one each, all of them write by one transactional id: a process registers with it, by which the broker refuses
 * whoever registered before, then reads all jobs there are, and decides for as long as it is not refused itself. Whoever
 * is refused goes back to what is committed and registers again. Nothing is written between a decision and the look at
 * what it is based on but by the process that decides.
 */
@ApplicationScoped
public class RequestIntake {

    /** The group in which all processes of this service share the requests. */
    static final String GROUP = "lowpass-ingestion";

    private static final Logger LOG = Logger.getLogger(RequestIntake.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int MOST_DOUBLINGS = 5;

    private final Admission admission;
    private final JobStates states;
    private final MeterRegistry metrics;

    RequestIntake(Admission admission, JobStates states, MeterRegistry metrics) {
        this.admission = admission;
        this.states = states;
        this.metrics = metrics;
    }

    /** Takes requests until {@code stop} says so. */
    void run(String bootstrapServers, StopSign stop) throws InterruptedException {
        try (KafkaConsumer<String, byte[]> consumer = consumer(bootstrapServers)) {
            consumer.subscribe(List.of(Topics.REQUESTS));
            int inVain = 0;
            while (!stop.isRaised()) {
                inVain = takeUntilRefused(bootstrapServers, consumer, stop) ? 0 : inVain + 1;
                if (!stop.isRaisedWithin(pause(inVain))) {
                    rewind(consumer);
                }
            }
        }
    }

    /** Takes requests until another process registers; whether any was taken. */
    private boolean takeUntilRefused(String bootstrapServers, KafkaConsumer<String, byte[]> consumer, StopSign stop)
            throws InterruptedException {
        boolean taken = false;
        ConsumerRecords<String, byte[]> records = poll(consumer, stop);
        try (KafkaProducer<String, byte[]> producer = producer(bootstrapServers)) {
            if (!stop.isRaised()) {
                producer.initTransactions();
                awaitView(stop);
            }
            while (!stop.isRaised()) {
                for (ConsumerRecord<String, byte[]> record : records) {
                    take(record, consumer, producer);
                    taken = true;
                }
                records = poll(consumer, stop);
            }
        } catch (KafkaException e) {
            LOG.logf(taken ? Logger.Level.DEBUG : Logger.Level.INFO, "Refused, and trying again: %s", e.getMessage());
        }
        return taken;
    }

    private static ConsumerRecords<String, byte[]> poll(KafkaConsumer<String, byte[]> consumer, StopSign stop) {
        ConsumerRecords<String, byte[]> records = ConsumerRecords.empty();
        while (records.isEmpty() && !stop.isRaised()) {
            records = consumer.poll(POLL);
        }
        return records;
    }

    /** Back to the first request that nobody has dealt with. */
    private static void rewind(KafkaConsumer<String, byte[]> consumer) {
        var committed = consumer.committed(consumer.assignment());
        for (TopicPartition partition : consumer.assignment()) {
            OffsetAndMetadata next = committed.get(partition);
            if (next == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, next.offset());
            }
        }
    }

    /** Two processes that refuse each other in turn must not go on in step. */
    private static Duration pause(int inVain) {
        long longest = FIRST_PAUSE.toMillis() << Math.min(inVain, MOST_DOUBLINGS);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest));
    }

    private void awaitView(StopSign stop) throws InterruptedException {
        var upToDate = states.upToDate();
        while (!upToDate.isDone() && !stop.isRaised()) {
            stop.isRaisedWithin(Duration.ofMillis(10));
        }
    }

    private void take(
            ConsumerRecord<String, byte[]> record,
            KafkaConsumer<String, byte[]> consumer,
            KafkaProducer<String, byte[]> producer) {
        producer.beginTransaction();
        Optional<String> otherType =
                Events.header(record, Events.TYPE_HEADER).filter(type -> !type.equals(EventType.REQUESTED.text()));
        Outcome outcome =
                otherType.isPresent() ? putAside(record, otherType.get(), producer) : decide(record, producer);
        producer.sendOffsetsToTransaction(
                Map.of(
                        new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1)),
                consumer.groupMetadata());
        producer.commitTransaction();
        // Only now it is so: a transaction that is refused has decided nothing.
        outcome.events().forEach(states::add);
        metrics.counter("lowpass.ingestion.requests", "outcome", outcome.name()).increment();
    }

    /** What became of a request: its name in metrics, and what follows. */
    private record Outcome(String name, List<Event> events) {}

    private static Outcome putAside(
            ConsumerRecord<String, byte[]> record, String type, KafkaProducer<String, byte[]> producer) {
        String error = "Only " + EventType.REQUESTED + " belongs here, not " + type;
        enqueue(producer, DeadLetters.record(record, "ingestion", 1, "REQUEST.OTHER_TYPE", error));
        return new Outcome("other type", List.of());
    }

    private Outcome decide(ConsumerRecord<String, byte[]> record, KafkaProducer<String, byte[]> producer) {
        byte[] body = record.value() == null ? new byte[0] : record.value();
        Decision decision = admission.decide(Optional.ofNullable(record.key()).filter(key -> !key.isEmpty()), body);
        MDC.put("jobId", decision.jobId());
        List<Event> events = Admission.events(decision, Instant.now());
        events.forEach(event -> enqueue(producer, Events.record(event)));
        if (decision instanceof Decision.Clash clash) {
            String errors = EventJson.text(clash.errors());
            enqueue(
                    producer,
                    DeadLetters.record(
                            record, "ingestion", 1, clash.errors().get(0).code(), errors));
            LOG.warnf("Put aside: the name is taken: %s", errors);
        } else if (decision instanceof Decision.Reject reject) {
            LOG.infof("Rejected: %s", EventJson.text(reject.errors()));
        } else {
            LOG.infof("Request: %s", decision.outcome());
        }
        MDC.remove("jobId");
        return new Outcome(decision.outcome(), events);
    }

    private static void enqueue(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record) {
        // A record that cannot be written fails the commit.
        var unused = producer.send(record);
    }

    private static KafkaConsumer<String, byte[]> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers, GROUP));
    }

    private static KafkaProducer<String, byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(KafkaSettings.producer(bootstrapServers, GROUP));
    }
}
