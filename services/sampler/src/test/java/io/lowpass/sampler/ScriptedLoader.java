package io.lowpass.sampler;

import java.util.function.LongFunction;

/** Loads what a test gives it. */
record ScriptedLoader(long weights, LongFunction<Generator> generator) implements ModelLoader {

    static ModelLoader of(long weights, LongFunction<Generator> generator) {
        return new ScriptedLoader(weights, generator);
    }

    @Override
    public Generator load(long room) {
        return generator.apply(room);
    }
}
