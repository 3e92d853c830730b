package io.lowpass.diffusion.schedulers;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Square roots in f32 by torch's own kernel, which the reference asks, too. On some processors it is off by one in the
 * last place, which is much of the little noise that is left where nearly all is signal.
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
