package io.lowpass.diffusion.schedulers.noise;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Square roots in f32 by torch's own kernel, as in the reference. On some processors they are off by one in the last
 * place, which is significant where nearly everything is signal.
 */
final class TorchSquareRoots {

    private TorchSquareRoots() {}

    static float[] of(float[] numbers) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                NDArray array = manager.create(numbers)) {
            return array.sqrt().toFloatArray();
        }
    }
}
