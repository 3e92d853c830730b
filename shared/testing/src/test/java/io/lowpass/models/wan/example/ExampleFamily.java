package io.lowpass.models.wan.example;

/** Breaks no rule. */
public final class ExampleFamily {}
