package io.lowpass.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.KafkaSettings;
import io.lowpass.testing.kafka.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that dies while transactions are about to end: each of them ends when it is back. */
class BrokerKilledWithinTransactionsTest {

    private static final int WRITERS = 12;
    private static final int PARTITIONS = 4;

    @TempDir
    private Path directory;

    @Test
    void noTransactionStaysOpen() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            // Given: writers that end transactions all the time
            createTopic(broker);
            AtomicInteger committed = new AtomicInteger();
            List<Future<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(writer(broker, "writer-" + i, committed)));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> committed.get() > 10 * WRITERS);

            // When
            broker.kill();
            threads.shutdownNow();
            for (Future<Boolean> writer : writers) {
                assertThat(writer.get()).isTrue();
            }
            broker.restart();

            // Then: also by those who would never come back
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(open(admin)).isEmpty());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void createTopic(BrokerProcess broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", Optional.of(PARTITIONS), Optional.empty())))
                    .all()
                    .get();
        }
    }

    /** Commits until it is interrupted or the broker is gone. */
    private static Callable<Boolean> writer(BrokerProcess broker, String id, AtomicInteger committed) {
        return () -> {
            KafkaProducer<String, byte[]> producer =
                    new KafkaProducer<>(KafkaSettings.producer(broker.bootstrapServers(), id));
            try {
                producer.initTransactions();
                while (!Thread.currentThread().isInterrupted()) {
                    producer.beginTransaction();
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        var unused = producer.send(new ProducerRecord<>("t", partition, "key", new byte[8]));
                    }
                    producer.commitTransaction();
                    committed.incrementAndGet();
                }
            } catch (KafkaException gone) {
                return true;
            } finally {
                // Closing waits for the producer's thread, which an interrupted thread may not.
                Thread.interrupted();
                producer.close(Duration.ZERO);
            }
            return true;
        };
    }

    private static List<ProducerState> open(Admin admin) throws Exception {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition("t", partition))
                .toList();
        return admin.describeProducers(partitions).all().get().values().stream()
                .flatMap(partition -> partition.activeProducers().stream())
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .toList();
    }
}
