package io.lowpass.caching;

import io.lowpass.diffusion.Branch;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** A state for each branch, made when the branch is first met. */
public final class PerBranch<T> {

    private final Supplier<T> initial;
    private final Map<Branch, T> states = new EnumMap<>(Branch.class);

    public PerBranch(Supplier<T> initial) {
        this.initial = initial;
    }

    /** The state of a branch. */
    public T of(Branch branch) {
        return states.computeIfAbsent(branch, unmet -> initial.get());
    }
}
