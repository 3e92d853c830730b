package io.lowpass.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.contracts.Job;
import io.lowpass.streaming.StageException.Tolerance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryBudgetTest {

    @TempDir
    private Path root;

    private Path proc;
    private Path cgroup;

    @BeforeEach
    void machineWithOneMebibyteFree() throws IOException {
        proc = Files.createDirectory(root.resolve("proc"));
        cgroup = Files.createDirectory(root.resolve("cgroup"));
        Files.writeString(proc.resolve("meminfo"), "MemTotal: 4096 kB\nMemAvailable:    1024 kB\n");
    }

    @Test
    void theMachineSetsTheLimitWhereNoGroupDoes() throws IOException {
        // Given
        Files.writeString(cgroup.resolve("memory.max"), "max\n");
        Files.writeString(cgroup.resolve("memory.current"), "5\n");

        // Then
        assertThat(MemoryBudget.freeAt(proc, cgroup)).isEqualTo(1 << 20);
        assertThat(MemoryBudget.allAt(proc, cgroup)).isEqualTo(4 << 20);
    }

    @Test
    void aGroupOfTheSecondVersionSetsTheLimitIfItHasLessLeft() throws IOException {
        // Given
        Files.writeString(cgroup.resolve("memory.max"), "1000\n");
        Files.writeString(cgroup.resolve("memory.current"), "700\n");
        Files.writeString(cgroup.resolve("memory.stat"), "active_file 9\ninactive_file 50\n");

        // Then
        assertThat(MemoryBudget.freeAt(proc, cgroup)).isEqualTo(350);
        assertThat(MemoryBudget.allAt(proc, cgroup)).isEqualTo(1000);
    }

    @Test
    void aGroupOfTheFirstVersionDoesToo() throws IOException {
        // Given
        Path memory = Files.createDirectory(cgroup.resolve("memory"));
        Files.writeString(memory.resolve("memory.limit_in_bytes"), "1000\n");
        Files.writeString(memory.resolve("memory.usage_in_bytes"), "700\n");

        // Then
        assertThat(MemoryBudget.freeAt(proc, cgroup)).isEqualTo(300);
        assertThat(MemoryBudget.allAt(proc, cgroup)).isEqualTo(1000);
    }

    @Test
    void whatCouldNeverFitIsRefusedForGoodAndWhatDoesNotFitNowForNow() {
        // Given
        Job job = ChunkConsumerTest.job("budget");
        AtomicLong free = new AtomicLong(30);
        MemoryBudget budget = new MemoryBudget(free::get, () -> 100);

        // Then
        assertThatThrownBy(() -> budget.require(101, job))
                .isInstanceOfSatisfying(StageException.class, refused -> {
                    assertThat(refused.failure().code()).isEqualTo("RESOURCE.MEMORY");
                    assertThat(refused.isRetryable()).isFalse();
                })
                .hasMessageContaining("64x64 with 9 frames needs about");
        assertThatThrownBy(() -> budget.require(31, job))
                .isInstanceOfSatisfying(
                        StageException.class,
                        refused -> assertThat(refused.tolerance()).isEqualTo(Tolerance.SHORTAGE))
                .hasMessageContaining("are free");
        free.set(100);
        assertThatCode(() -> budget.require(100, job)).doesNotThrowAnyException();
    }

    @Test
    void whatIsHeldForOneJobIsNotFreeForAnother() {
        // Given
        Job job = ChunkConsumerTest.job("held");
        MemoryBudget budget = MemoryBudget.of(100);

        // When
        MemoryBudget.Reservation room = budget.reserve(60, job);

        // Then
        assertThatThrownBy(() -> budget.reserve(41, job))
                .isInstanceOfSatisfying(
                        StageException.class,
                        refused -> assertThat(refused.isRetryable()).isTrue());
        budget.reserve(40, job).close();

        // When: closed, and closed again
        room.close();
        room.close();

        // Then
        assertThatThrownBy(() -> budget.require(101, job)).isInstanceOf(StageException.class);
        MemoryBudget.Reservation whole = budget.reserve(100, job);
        assertThatThrownBy(() -> budget.require(1, job)).isInstanceOf(StageException.class);
        whole.close();
    }

    @Test
    void aShortageOfMemoryIsWaitedForLongerThanAnythingElse() {
        // Given
        ChunkStream stream = new ChunkStream(new TopicPartition("latents", 0), "waiting", 1, "");

        // When: a minute of other failures would have been enough
        for (int i = 0; i < 50; i++) {
            assertThat(stream.delayAfterFailure(Tolerance.SHORTAGE)).isTrue();
        }

        // Then
        assertThat(stream.delayAfterFailure(Tolerance.FEW)).isFalse();
    }
}
