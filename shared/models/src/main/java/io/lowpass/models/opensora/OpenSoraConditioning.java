package io.lowpass.models.opensora;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.conditioning.Conditioning;
import java.util.List;

/**
 * A caption as the blocks want it, without its padding.
 *
 * @param keys keys of each block, shape (1, heads, rows, head width)
 * @param values values of each block, same shape
 */
record OpenSoraConditioning(List<NDArray> keys, List<NDArray> values) implements Conditioning {}
