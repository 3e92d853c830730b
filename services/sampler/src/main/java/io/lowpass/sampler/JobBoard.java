package io.lowpass.sampler;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.MalformedRecordException;
import io.lowpass.contracts.Topics;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Knows which jobs are to be cancelled and which are over, from the control and state topics.
 *
 * <p>Every sampler reads all of both, from their beginning. The newest {@value #CAPACITY} jobs are remembered; what is
 * forgotten could at worst be generated a second time, and its result would be dropped by the services that follow.
 */
public final class JobBoard implements AutoCloseable {

    static final int CAPACITY = 100_000;

    private static final Logger LOG = Logger.getLogger(JobBoard.class);

    private final String bootstrap;
    private final Map<String, String> cancelled = bounded();
    private final Map<String, String> ended = bounded();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final StopSign stop = new StopSign();
    private final Thread thread;
    private volatile Optional<KafkaConsumer<String, byte[]>> consumer = Optional.empty();

    /** Starts to read. */
    public JobBoard(String bootstrap) {
        this.bootstrap = bootstrap;
        this.thread = new Thread(this::read, "job-board");
        thread.setDaemon(true);
        thread.start();
    }

    private static Map<String, String> bounded() {
        return Collections.synchronizedMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                return size() > CAPACITY;
            }
        });
    }

    /** Why a job is to stop, if it is. */
    Optional<String> cancelReason(String jobId) {
        return Optional.ofNullable(cancelled.get(jobId));
    }

    /** Whether nothing may follow for a job. */
    boolean isTerminal(String jobId) {
        return ended.containsKey(jobId);
    }

    /** Completes when everything that was in the topics at the start has been read. */
    CompletableFuture<Void> caughtUp() {
        return caughtUp;
    }

    @Override
    public void close() {
        stop.raise();
        consumer.ifPresent(KafkaConsumer::wakeup);
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        while (!stop.isRaised()) {
            try (KafkaConsumer<String, byte[]> open = open()) {
                consumer = Optional.of(open);
                follow(open);
            } catch (WakeupException closing) {
                LOG.debug("Stops");
            } catch (KafkaException error) {
                LOG.warnf("Reading control and state: %s; connecting again", error.getMessage());
            }
        }
    }

    private void follow(KafkaConsumer<String, byte[]> open) {
        List<TopicPartition> partitions = Stream.of(Topics.CONTROL, Topics.STATE)
                .flatMap(topic -> open.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        open.assign(partitions);
        open.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = open.endOffsets(partitions);
        while (!stop.isRaised()) {
            open.poll(Duration.ofSeconds(1)).forEach(this::note);
            if (!caughtUp.isDone()
                    && ends.entrySet().stream().allMatch(end -> open.position(end.getKey()) >= end.getValue())) {
                caughtUp.complete(null);
            }
        }
    }

    private void note(ConsumerRecord<String, byte[]> record) {
        try {
            Event event = Events.read(record);
            if (event instanceof CancelRequested request) {
                cancelled.put(request.jobId(), request.reason());
            } else if (event instanceof JobEvent happened && happened.isTerminal()) {
                ended.put(event.jobId(), event.type().text());
            }
        } catch (MalformedRecordException malformed) {
            LOG.warnf("Passed over: %s", malformed.getMessage());
        }
    }

    private KafkaConsumer<String, byte[]> open() {
        return new KafkaConsumer<>(KafkaSettings.consumer(bootstrap));
    }
}
