package io.lowpass.sampler;

import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.Residence;
import io.lowpass.sampler.PipelineGenerator.GeneratorSettings;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Loads the model of a folder: in memory if it fits, unless the settings say otherwise.
 *
 * @param settings supplies the settings at each call, so that invalid settings affect only this model
 * @param check validates the settings; called once, with the first query of the weights, before the first load
 */
record PipelineLoader(Supplier<GeneratorSettings> settings, Consumer<GeneratorSettings> check) implements ModelLoader {

    @Override
    public long weights() {
        GeneratorSettings known = settings.get();
        check.accept(known);
        return weights(known);
    }

    @Override
    public Generator load(long room) {
        GeneratorSettings known = settings.get();
        Residence fitting = known.device().isGpu() || weights(known) <= room ? Residence.RESIDENT : Residence.STREAMED;
        return PipelineGenerator.load(known, known.residence().orElse(fitting), room);
    }

    private static long weights(GeneratorSettings known) {
        return known.weights()
                .orElseGet(() -> Families.open(known.folder()).limits().samplerWeights(known.precision()));
    }
}
