package io.lowpass.contracts;

/** Numbers of denoising steps: all, and how many were computed, reused and forecast. */
public record StepCounts(int steps, int computed, int reused, int forecast) {}
