package io.lowpass.models.hunyuan;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.conditioning.Conditioning;
import java.util.List;

/**
 * A prompt as far as it can be prepared without the time. Padding neither attends nor is attended to by anything that
 * reaches the prediction, so it is left out.
 *
 * @param words projected states, shape (1, rows, width)
 * @param attention what the first refiner block's attention adds, shape (1, rows, width); none without refiner blocks
 * @param summary embedding of the mean of the states, shape (1, width), f32
 * @param pooled embedding of the pooled state and, where the model takes it, of the guidance scale, likewise
 * @param length number of rows that are not padding
 * @param refinerMask added to the refiner's attention scores; empty if no row is padding
 */
record HunyuanConditioning(
        NDArray words, List<NDArray> attention, NDArray summary, NDArray pooled, int length, NDArray refinerMask)
        implements Conditioning {

    long rows() {
        return words.getShape().get(1);
    }
}
