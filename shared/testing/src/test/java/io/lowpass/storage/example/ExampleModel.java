package io.lowpass.storage.example;

/** Has the name of another class. */
public final class ExampleModel {}
