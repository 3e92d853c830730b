package io.lowpass.tensor;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/** Devices and their memory. */
public final class Devices {

    private Devices() {}

    /**
     * Parses a device setting.
     *
     * @param name {@code cpu} or {@code gpu:N}
     * @throws IllegalArgumentException if it is neither
     */
    public static Device named(String name) {
        if (!name.matches("cpu|gpu:[0-9]{1,3}")) {
            throw new IllegalArgumentException("device '" + name + "' is not cpu or gpu:N");
        }
        return name.equals("cpu") ? Device.cpu() : Device.gpu(Integer.parseInt(name.substring(4)));
    }

    /** The libtorch name of a device: {@code cpu} or {@code cuda:N}. */
    public static String torchName(Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }

    /** Memory of a device in bytes, of the machine for the CPU; empty for a GPU that the CUDA runtime does not show. */
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
