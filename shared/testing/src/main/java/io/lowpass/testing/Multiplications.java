package io.lowpass.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Matrix products that count the multiply-adds that ran. */
final class Multiplications {

    private long count;

    NDArray product(NDArray left, NDArray right) {
        NDArray product = left.matMul(right);
        Shape shape = left.getShape();
        count += product.size() * shape.get(shape.dimension() - 1);
        return product;
    }

    long count() {
        return count;
    }
}
