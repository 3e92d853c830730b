package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    void aSettingNamesTheCpuOrAGpu() {
        // When, Then
        assertThat(Devices.named("cpu")).isEqualTo(Device.cpu());
        assertThat(Devices.named("gpu:12")).isEqualTo(Device.gpu(12));
        assertThatThrownBy(() -> Devices.named("gpu")).hasMessage("device 'gpu' is not cpu or gpu:N");
        assertThatThrownBy(() -> Devices.named("gpu:-1")).hasMessageContaining("gpu:-1");
    }

    @Test
    void namesDevicesAsTorchDoes() {
        // When, Then
        assertThat(Devices.torchName(Device.cpu())).isEqualTo("cpu");
        assertThat(Devices.torchName(Device.gpu(1))).isEqualTo("cuda:1");
    }
}
