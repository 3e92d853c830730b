package io.lowpass.ingestion;

import io.lowpass.contracts.DeadLetters;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Reading;
import io.lowpass.contracts.Reading.Unreadable;
import io.lowpass.contracts.Records;
import io.lowpass.contracts.Topics;
import io.lowpass.streaming.CancellationToken;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Sends unreadable records of the control topic to the dead-letter topic. All services read the control topic and skip
 * such records; only this one reports them, in a consumer group, so that one process does.
 */
@ApplicationScoped
public class ControlDeadLetters implements BackgroundLoop {

    /** The consumer group of all ingestion processes on the control topic. */
    static final String GROUP = "lowpass-ingestion-control";

    private static final Logger LOG = Logger.getLogger(ControlDeadLetters.class);
    private static final Duration POLL = Duration.ofMillis(250);

    private final MeterRegistry metrics;

    ControlDeadLetters(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "ingestion-control";
    }

    @Override
    public void run(String bootstrapServers, CancellationToken stop) {
        try (var consumer = new KafkaConsumer<String, byte[]>(KafkaSettings.consumer(bootstrapServers, GROUP));
                EventPublisher publisher = EventPublisher.to(bootstrapServers)) {
            consumer.subscribe(List.of(Topics.CONTROL));
            while (!stop.isCancelled()) {
                ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
                sendDeadLetters(records, publisher);
                if (!records.isEmpty()) {
                    consumer.commitSync();
                }
            }
        }
    }

    private void sendDeadLetters(ConsumerRecords<String, byte[]> records, EventPublisher publisher) {
        List<CompletableFuture<?>> letters = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            Reading<Event> reading = Records.event(record);
            if (reading instanceof Unreadable<Event> unreadable) {
                LOG.warnf("Sent to the dead-letter topic: %s", unreadable.message());
                letters.add(publisher.send(DeadLetters.record(unreadable, "ingestion", "CONTROL.UNREADABLE")));
                metrics.counter("lowpass.ingestion.control", "outcome", "unreadable")
                        .increment();
            }
        }
        try {
            CompletableFuture.allOf(letters.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw new KafkaException("A dead letter was not acknowledged", e.getCause());
        }
    }
}
