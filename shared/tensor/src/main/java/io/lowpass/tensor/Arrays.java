package io.lowpass.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;

/** Moves arrays between managers. */
public final class Arrays {

    private Arrays() {}

    /** Removes an array from the innermost {@code NDScope} and moves it to {@code owner}; returns the array. */
    public static NDArray keep(NDArray array, NDManager owner) {
        NDScope.unregister(array);
        array.attach(owner);
        return array;
    }
}
