package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import org.junit.jupiter.api.Test;

class DevicesTest {

    @Test
    void theMemoryOfTheCpuIsTheMachinesAndThatOfAGpuThatIsNotThereUnknown() {
        // When, Then
        assertThat(Devices.memory(Device.cpu()).orElseThrow())
                .isGreaterThan(Runtime.getRuntime().maxMemory() / 4);
        assertThat(Devices.memory(Device.gpu(99))).isEmpty();
    }

    @Test
    void namesDevicesAsTorchDoes() {
        // When, Then
        assertThat(Devices.torchName(Device.cpu())).isEqualTo("cpu");
        assertThat(Devices.torchName(Device.gpu(1))).isEqualTo("cuda:1");
    }
}
