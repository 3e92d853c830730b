package io.lowpass.tensor;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/** What is known of devices. */
public final class Devices {

    private Devices() {}

    /** What libtorch calls a device: {@code cpu} or {@code cuda:N}. */
    public static String torchName(Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }

    /** Bytes of a device's own memory, of the machine for the CPU; none for a GPU that the CUDA runtime does not show. */
    public static OptionalLong memory(Device device) {
        if (!device.isGpu()) {
            return OptionalLong.of(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getTotalMemorySize());
        }
        return device.getDeviceId() < CudaUtils.getGpuCount()
                ? OptionalLong.of(CudaUtils.getGpuMemory(device).getMax())
                : OptionalLong.empty();
    }
}
