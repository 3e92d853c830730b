package io.lowpass.caching.example;

import io.lowpass.models.example.ExampleModel;

/** Breaks the rule that policies do not know models. */
public final class KnowsAModel {

    ExampleModel model() {
        return new ExampleModel();
    }
}
