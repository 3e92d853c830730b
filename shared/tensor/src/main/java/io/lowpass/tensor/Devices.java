package io.lowpass.tensor;

import ai.djl.Device;

/** Names of devices. */
public final class Devices {

    private Devices() {}

    /** What libtorch calls a device: {@code cpu} or {@code cuda:N}. */
    public static String torchName(Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }
}
