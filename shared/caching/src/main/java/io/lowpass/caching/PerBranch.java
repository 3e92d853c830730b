package io.lowpass.caching;

import io.lowpass.diffusion.conditioning.Branch;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** One state per branch, created on first use. */
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
