package io.lowpass.contracts;

/** Denoising steps by what became of them. */
public record StepCounts(int steps, int computed, int reused, int forecast) {}
