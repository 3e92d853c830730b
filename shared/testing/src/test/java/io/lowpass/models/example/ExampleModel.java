package io.lowpass.models.example;

/** Breaks no rule. */
public final class ExampleModel {}
