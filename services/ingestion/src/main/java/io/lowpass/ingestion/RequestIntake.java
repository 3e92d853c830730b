package io.lowpass.ingestion;

import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.DeadLetters;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Reading;
import io.lowpass.contracts.Reading.Unreadable;
import io.lowpass.contracts.Records;
import io.lowpass.contracts.Topics;
import io.lowpass.fields.Texts;
import io.lowpass.ingestion.Admission.Decision;
import io.lowpass.streaming.CancellationToken;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * Processes the requests topic. The events that follow from a request and the commit of its offset form one
 * transaction: a crash leaves all or nothing, and never creates two jobs.
 *
 * <p>Processes share the partitions, and requests with the same name may be in different partitions. To keep two
 * processes from accepting one each, all of them use the same transactional id: a process registers it, which fences
 * the previous one, then reads all jobs, and decides until it is fenced itself. A fenced process returns to its
 * committed offsets and registers again. So only the deciding process writes between a decision and the state it is
 * based on.
 */
@ApplicationScoped
public class RequestIntake implements BackgroundLoop {

    /** The consumer group of all ingestion processes. */
    static final String GROUP = "lowpass-ingestion";

    private static final Logger LOG = Logger.getLogger(RequestIntake.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int MOST_DOUBLINGS = 5;

    private static final String SERVICE = "ingestion";
    private static final int LOGGED = 1_000;

    private final RefusedRecords refused = new RefusedRecords();
    private final Admission admission;
    private final JobViews states;
    private final MeterRegistry metrics;

    RequestIntake(Admission admission, JobViews states, MeterRegistry metrics) {
        this.admission = admission;
        this.states = states;
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "ingestion-intake";
    }

    @Override
    public void run(String bootstrapServers, CancellationToken stop) throws InterruptedException {
        try (KafkaConsumer<String, byte[]> consumer = consumer(bootstrapServers)) {
            consumer.subscribe(List.of(Topics.REQUESTS));
            int inVain = 0;
            while (!stop.isCancelled()) {
                inVain = takeUntilRefused(bootstrapServers, consumer, stop) ? 0 : inVain + 1;
                if (!stop.isCancelledWithin(pause(inVain))) {
                    rewind(consumer);
                }
            }
        }
    }

    /** Processes requests until another process registers; returns whether there were any. */
    private boolean takeUntilRefused(
            String bootstrapServers, KafkaConsumer<String, byte[]> consumer, CancellationToken stop)
            throws InterruptedException {
        boolean taken = false;
        ConsumerRecords<String, byte[]> records = poll(consumer, stop);
        try (KafkaProducer<String, byte[]> producer = producer(bootstrapServers)) {
            if (!stop.isCancelled()) {
                producer.initTransactions();
                awaitView(stop);
            }
            while (!stop.isCancelled()) {
                for (ConsumerRecord<String, byte[]> record : records) {
                    take(record, consumer, producer);
                    taken = true;
                }
                records = poll(consumer, stop);
            }
        } catch (KafkaException e) {
            refused.failed(e);
            LOG.logf(
                    taken ? Logger.Level.DEBUG : Logger.Level.INFO,
                    "Fenced or rejected, trying again: %s",
                    e.getMessage());
        }
        return taken;
    }

    private static ConsumerRecords<String, byte[]> poll(
            KafkaConsumer<String, byte[]> consumer, CancellationToken stop) {
        ConsumerRecords<String, byte[]> records = ConsumerRecords.empty();
        while (records.isEmpty() && !stop.isCancelled()) {
            records = consumer.poll(POLL);
        }
        return records;
    }

    /** Returns to the first uncommitted request. */
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

    /** A random pause, so that two processes do not keep fencing each other in lockstep. */
    private static Duration pause(int inVain) {
        long longest = FIRST_PAUSE.toMillis() << Math.min(inVain, MOST_DOUBLINGS);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest));
    }

    private void awaitView(CancellationToken stop) throws InterruptedException {
        var upToDate = states.upToDate();
        while (!upToDate.isDone() && !stop.isCancelled()) {
            stop.isCancelledWithin(Duration.ofMillis(10));
        }
    }

    private void take(
            ConsumerRecord<String, byte[]> record,
            KafkaConsumer<String, byte[]> consumer,
            KafkaProducer<String, byte[]> producer) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        refused.current(record);
        producer.beginTransaction();
        Outcome outcome = Boundary.call(() -> outcome(record), error -> unanswerable(record, error));
        outcome.records().forEach(answer -> enqueue(producer, answer));
        producer.sendOffsetsToTransaction(
                Map.of(partition, new OffsetAndMetadata(record.offset() + 1)), consumer.groupMetadata());
        producer.commitTransaction();
        // Only a committed transaction has decided anything.
        outcome.events().forEach(states::add);
        metrics.counter("lowpass.ingestion.requests", "outcome", outcome.name()).increment();
    }

    /** The outcome of a request: its name in metrics, the records to write, and the events among them. */
    private record Outcome(String name, List<ProducerRecord<String, byte[]>> records, List<Event> events) {

        static Outcome aside(String name, ProducerRecord<String, byte[]> letter) {
            return new Outcome(name, List.of(letter), List.of());
        }
    }

    private Outcome outcome(ConsumerRecord<String, byte[]> record) {
        return switch (refused.count()) {
            case 0 -> answer(record);
            case 1 -> shortAnswer(record);
            case 2 -> unanswerable(record, refused.error());
            default -> {
                LOG.errorf("%s offset %d is skipped: no topic accepts an answer", record.topic(), record.offset());
                yield new Outcome("passed over", List.of(), List.of());
            }
        };
    }

    private Outcome answer(ConsumerRecord<String, byte[]> record) {
        Reading<Records.Request> reading = Records.request(record);
        if (reading instanceof Unreadable<Records.Request> unreadable) {
            return outcome(record, admission.refuse(Records.key(record), unreadable.reason()));
        }
        Records.Request request = reading.orElseThrow();
        if (request.isOther()) {
            String error = "Only " + EventType.REQUESTED + " belongs here, not "
                    + request.type().orElse("");
            return Outcome.aside("other type", DeadLetters.record(record, SERVICE, 1, "REQUEST.OTHER_TYPE", error));
        }
        return outcome(record, admission.decide(request.name(), request.bytes()));
    }

    private Outcome outcome(ConsumerRecord<String, byte[]> record, Decision decision) {
        MDC.put("jobId", decision.jobId());
        List<Event> events = Admission.events(decision, Instant.now());
        List<ProducerRecord<String, byte[]>> records =
                new ArrayList<>(events.stream().map(Events::record).toList());
        if (decision instanceof Decision.Clash clash) {
            String errors = EventJson.text(clash.errors());
            records.add(
                    DeadLetters.record(record, SERVICE, 1, clash.errors().get(0).code(), errors));
            LOG.warnf("Sent to the dead-letter topic, the name is taken: %s", Texts.limit(errors, LOGGED));
        } else if (decision instanceof Decision.Reject reject) {
            LOG.infof("Rejected: %s", Texts.limit(EventJson.text(reject.errors()), LOGGED));
        } else {
            LOG.infof("Request: %s", decision.outcome());
        }
        MDC.remove("jobId");
        return new Outcome(decision.outcome(), records, events);
    }

    /**
     * The fallback when the broker rejected the first answer: a job becomes a rejection, anything else a dead letter.
     */
    private Outcome shortAnswer(ConsumerRecord<String, byte[]> record) {
        Records.Request request = Records.request(record).orElseThrow();
        return !request.isOther() && admission.decide(request.name(), request.bytes()) instanceof Decision.Accept accept
                ? outcome(record, Admission.tooLarge(accept))
                : unanswerable(record, refused.error());
    }

    /** A minimal dead letter for a record that cannot be answered. */
    private static Outcome unanswerable(ConsumerRecord<String, byte[]> record, Throwable error) {
        LOG.errorf(error, "%s-%d offset %d cannot be answered", record.topic(), record.partition(), record.offset());
        return Outcome.aside(
                "unanswerable", DeadLetters.summary(record, SERVICE, "REQUEST.UNANSWERABLE", Boundary.message(error)));
    }

    private static void enqueue(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record) {
        // A failed send makes the commit fail.
        var unused = producer.send(record);
    }

    private static KafkaConsumer<String, byte[]> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers, GROUP));
    }

    private static KafkaProducer<String, byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(KafkaSettings.producer(bootstrapServers, GROUP));
    }
}
