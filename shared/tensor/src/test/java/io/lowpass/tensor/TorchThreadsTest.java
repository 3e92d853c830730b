package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class TorchThreadsTest {

    @Test
    void aThreadItMadeIsSetUp() throws Exception {
        // Given
        ExecutorService threads = Executors.newSingleThreadExecutor(new TorchThreads(3).factory("worker"));
        // When
        int count = threads.submit(JniUtils::getNumThreads).get();
        String name = threads.submit(() -> Thread.currentThread().getName()).get();
        // Then
        assertThat(count).isEqualTo(3);
        assertThat(name).isEqualTo("worker");
        threads.shutdown();
    }

    @Test
    void refusesNoThreads() {
        assertThat(TorchThreads.ofMachine().intraOp()).isPositive();
        assertThatThrownBy(() -> new TorchThreads(0)).hasMessageContaining("torch threads 0 is not at least 1");
    }
}
