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
import io.lowpass.fields.Texts;
import io.lowpass.contracts.Topics;
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

    private static final String SERVICE = "ingestion";
    private static final int LOGGED = 1_000;

    private final RefusedRecords stumbling = new RefusedRecords();
    private final Admission admission;
    private final JobViews states;
    private final MeterRegistry metrics;

    RequestIntake(Admission admission, JobViews states, MeterRegistry metrics) {
        this.admission = admission;
        this.states = states;
        this.metrics = metrics;
    }

    /** Takes requests until {@code stop} says so. */
    void run(String bootstrapServers, CancellationToken stop) throws InterruptedException {
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

    /** Takes requests until another process registers; whether any was taken. */
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
            stumbling.over(e);
            LOG.logf(taken ? Logger.Level.DEBUG : Logger.Level.INFO, "Refused, and trying again: %s", e.getMessage());
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
        stumbling.look(record);
        producer.beginTransaction();
        Outcome outcome = Boundary.call(() -> outcome(record), error -> unanswerable(record, error));
        outcome.records().forEach(answer -> enqueue(producer, answer));
        producer.sendOffsetsToTransaction(
                Map.of(partition, new OffsetAndMetadata(record.offset() + 1)), consumer.groupMetadata());
        producer.commitTransaction();
        // Only now it is so: a transaction that is refused has decided nothing.
        outcome.events().forEach(states::add);
        metrics.counter("lowpass.ingestion.requests", "outcome", outcome.name()).increment();
    }

    /** What became of a request: its name in metrics, what is written, and which events are among that. */
    private record Outcome(String name, List<ProducerRecord<String, byte[]>> records, List<Event> events) {

        static Outcome aside(String name, ProducerRecord<String, byte[]> letter) {
            return new Outcome(name, List.of(letter), List.of());
        }
    }

    private Outcome outcome(ConsumerRecord<String, byte[]> record) {
        return switch (stumbling.times()) {
            case 0 -> answer(record);
            case 1 -> shortAnswer(record);
            case 2 -> unanswerable(record, stumbling.error());
            default -> {
                LOG.errorf("%s offset %d is passed over: no topic takes an answer", record.topic(), record.offset());
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
            LOG.warnf("Put aside: the name is taken: %s", Texts.limit(errors, LOGGED));
        } else if (decision instanceof Decision.Reject reject) {
            LOG.infof("Rejected: %s", Texts.limit(EventJson.text(reject.errors()), LOGGED));
        } else {
            LOG.infof("Request: %s", decision.outcome());
        }
        MDC.remove("jobId");
        return new Outcome(decision.outcome(), records, events);
    }

    /** The answer where the broker did not take the first one: a job becomes a rejection, anything else a dead letter. */
    private Outcome shortAnswer(ConsumerRecord<String, byte[]> record) {
        Records.Request request = Records.request(record).orElseThrow();
        return !request.isOther() && admission.decide(request.name(), request.bytes()) instanceof Decision.Accept accept
                ? outcome(record, Admission.tooLarge(accept))
                : unanswerable(record, stumbling.error());
    }

    /** A dead letter, without anything that could be too large, of a record of which nothing can be made. */
    private static Outcome unanswerable(ConsumerRecord<String, byte[]> record, Throwable error) {
        LOG.errorf(error, "%s-%d offset %d cannot be answered", record.topic(), record.partition(), record.offset());
        return Outcome.aside(
                "unanswerable", DeadLetters.summary(record, SERVICE, "REQUEST.UNANSWERABLE", Boundary.message(error)));
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
