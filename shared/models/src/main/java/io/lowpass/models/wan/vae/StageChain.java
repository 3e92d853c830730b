package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Consumer;

/** Stages one after another. A frame passes all of them before the next one starts, so that few are in memory. */
final class StageChain implements Stage {

    private final List<Stage> stages;

    StageChain(List<Layer> layers, NDManager memory) {
        this.stages = layers.stream().map(layer -> layer.open(memory)).toList();
    }

    @Override
    public void push(NDArray frame, Consumer<NDArray> next) {
        push(0, frame, next);
    }

    private void push(int stage, NDArray frame, Consumer<NDArray> next) {
        if (stage == stages.size()) {
            next.accept(frame);
        } else {
            stages.get(stage).push(frame, result -> push(stage + 1, result, next));
        }
    }
}
