package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.TopicSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is filled and emptied while the broker is at work. */
class DiskBrokerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final AtomicLong free = new AtomicLong(1L << 30);

    @Test
    void aFullDiskIsToldInASentenceBeforeAnythingIsStarted() {
        // Given
        free.set(5L << 20);

        // When Then
        assertThatThrownBy(() -> new DiskBroker(directory, 0, free::get))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "the disk of " + directory + " is full: 5 MiB are free and 128 MiB are needed; free some space,"
                                + " or choose another directory with --data");
        assertThat(directory).isEmptyDirectory();
        assertThat(DiskBroker.freeBytes(directory.resolve("not/there/yet"))).isPositive();
    }

    @Test
    @Timeout(120)
    void theBrokerRestsWhileTheDiskIsFullAndKnowsEverythingAfterwards() {
        try (DiskBroker broker = new DiskBroker(directory, 0, free::get)) {
            TopicSetup.DEFAULT.apply(broker.bootstrapServers());
            try (EventPublisher publisher = EventPublisher.to(broker.bootstrapServers())) {
                publisher.send(cancelled("before")).join();

                // When
                free.set(DiskBroker.RESERVE - 1);
                await().atMost(PATIENCE).until(() -> !listens(broker));
                // More than before, and still too little to go on.
                free.set(DiskBroker.NEEDED - 1);
                await().during(Duration.ofMillis(500)).until(() -> !listens(broker));
                free.set(DiskBroker.NEEDED);

                // Then
                await().atMost(PATIENCE).until(() -> listens(broker));
                publisher.send(cancelled("after")).join();
            }
            assertThat(told(broker, "before")).hasSize(1);
            assertThat(told(broker, "after")).hasSize(1);
        }
    }

    @Test
    @Timeout(120)
    void aStartThatFailsIsTriedAgain() throws IOException {
        // Given
        AtomicInteger looks = new AtomicInteger();
        AtomicBoolean unknown = new AtomicBoolean();
        LongSupplier asked = () -> {
            looks.incrementAndGet();
            if (unknown.get()) {
                throw new UncheckedIOException(new IOException("the disk does not answer"));
            }
            return free.get();
        };
        try (DiskBroker broker = new DiskBroker(directory, 0, asked)) {
            free.set(DiskBroker.RESERVE - 1);
            await().atMost(PATIENCE).until(() -> !listens(broker));

            // When
            unknown.set(true);
            awaitLooks(looks);
            try (ServerSocket other = new ServerSocket(port(broker), 1, InetAddress.getLoopbackAddress())) {
                free.set(DiskBroker.NEEDED);
                unknown.set(false);
                awaitLooks(looks);
                assertThat(other.isBound()).isTrue();
            }

            // Then
            await().atMost(PATIENCE).until(() -> listens(broker));
            TopicSetup.DEFAULT.apply(broker.bootstrapServers());
        }
    }

    /** Waits until one look more was begun and another one after it. */
    private static void awaitLooks(AtomicInteger looks) {
        int before = looks.get();
        await().atMost(PATIENCE).until(() -> looks.get() >= before + 3);
    }

    private static int port(DiskBroker broker) {
        return Integer.parseInt(broker.bootstrapServers().split(":")[1]);
    }

    private static Cancelled cancelled(String jobId) {
        return new Cancelled(jobId, 1, Instant.now(), 0, "enough");
    }

    private static List<JobEvent> told(DiskBroker broker, String jobId) {
        try (JobEvents events = new JobEvents(broker.bootstrapServers(), jobId, true)) {
            return events.past();
        }
    }

    private static boolean listens(DiskBroker broker) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(broker))) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
