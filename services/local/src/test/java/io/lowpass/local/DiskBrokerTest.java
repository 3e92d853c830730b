package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.TopicSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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
                .hasMessage("the disk of " + directory + " is full: 5 MiB are free and 128 MiB are needed; make room,"
                        + " or give --data another directory");
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

    private static Cancelled cancelled(String jobId) {
        return new Cancelled(jobId, 1, Instant.now(), 0, "enough");
    }

    private static List<JobEvent> told(DiskBroker broker, String jobId) {
        try (JobEvents events = new JobEvents(broker.bootstrapServers(), jobId, true)) {
            return events.past();
        }
    }

    private static boolean listens(DiskBroker broker) {
        int port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
