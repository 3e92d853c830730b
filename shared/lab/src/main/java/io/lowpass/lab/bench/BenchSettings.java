package io.lowpass.lab.bench;

import io.lowpass.lab.options.VideoSettings;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.List;

/**
 * What is compared.
 *
 * @param model a diffusers folder
 * @param policies short forms, the uncached run first
 * @param prompts what is generated, each with a seed of its own
 * @param seed of the first prompt; each further one has the next
 */
record BenchSettings(
        Path model,
        List<String> policies,
        List<String> prompts,
        VideoSettings video,
        Precision precision,
        int threads,
        long seed) {}
