package io.lowpass.models.vae;

import io.lowpass.tensor.Architecture;

/**
 * A part of an autoencoder as its configuration lays it out: names and shapes, and how to build it from weights.
 *
 * @param <L> what it is built into
 */
public interface VaePart<L> {

    /** Adds the parameters of this part. */
    void declare(Architecture architecture);

    /** Takes the parameters of this part. */
    L build(PartWeights weights);
}
