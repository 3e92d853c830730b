package io.lowpass.storage.example;

/** Breaks no rule. */
public final class ExampleService {}
