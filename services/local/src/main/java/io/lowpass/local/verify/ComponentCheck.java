package io.lowpass.local.verify;

import ai.djl.ndarray.NDManager;
import io.lowpass.quality.ReferenceCase;
import java.util.Map;

/** Tries a component as the family does whose class its configuration names. */
final class ComponentCheck implements Check {

    private final ComponentFolder folders;
    private final Map<String, Check> byClass;

    ComponentCheck(ComponentFolder folders, Map<String, Check> byClass) {
        this.folders = folders;
        this.byClass = Map.copyOf(byClass);
    }

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        String className = folders.className(reference.model());
        Check check = byClass.get(className);
        if (check == null) {
            throw new Unsupported(className);
        }
        check.run(reference, memory, comparison);
    }
}
