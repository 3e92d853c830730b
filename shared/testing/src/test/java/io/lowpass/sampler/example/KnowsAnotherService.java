package io.lowpass.sampler.example;

import io.lowpass.storage.example.ExampleService;

/** Breaks the rule that services do not import each other. */
public final class KnowsAnotherService {

    ExampleService other() {
        return new ExampleService();
    }
}
