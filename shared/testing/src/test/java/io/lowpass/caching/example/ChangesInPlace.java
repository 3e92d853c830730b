package io.lowpass.caching.example;

import ai.djl.ndarray.NDArray;

/** Breaks the rule against in-place arithmetic. */
public final class ChangesInPlace {

    NDArray doubled(NDArray array) {
        return array.muli(2);
    }
}
