package io.lowpass.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    }

    @Test
    void aGroupOfTheSecondVersionSetsTheLimitIfItHasLessLeft() throws IOException {
        // Given
        Files.writeString(cgroup.resolve("memory.max"), "1000\n");
        Files.writeString(cgroup.resolve("memory.current"), "700\n");
        Files.writeString(cgroup.resolve("memory.stat"), "active_file 9\ninactive_file 50\n");

        // Then
        assertThat(MemoryBudget.freeAt(proc, cgroup)).isEqualTo(350);
    }

    @Test
    void aGroupOfTheFirstVersionDoesToo() throws IOException {
        // Given
        Path memory = Files.createDirectory(cgroup.resolve("memory"));
        Files.writeString(memory.resolve("memory.limit_in_bytes"), "1000\n");
        Files.writeString(memory.resolve("memory.usage_in_bytes"), "700\n");

        // Then
        assertThat(MemoryBudget.freeAt(proc, cgroup)).isEqualTo(300);
    }
}
