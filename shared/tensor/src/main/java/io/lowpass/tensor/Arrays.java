package io.lowpass.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;

/** Moves arrays between owners. */
public final class Arrays {

    private Arrays() {}

    /** Takes an array out of the innermost {@code NDScope} and gives it to {@code owner}; returns the array. */
    public static NDArray keep(NDArray array, NDManager owner) {
        NDScope.unregister(array);
        array.attach(owner);
        return array;
    }
}
