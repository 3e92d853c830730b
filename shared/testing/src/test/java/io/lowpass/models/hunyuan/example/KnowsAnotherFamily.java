package io.lowpass.models.hunyuan.example;

import io.lowpass.models.wan.example.ExampleFamily;

/** Breaks the rule that families do not know each other. */
public record KnowsAnotherFamily(ExampleFamily other) {}
