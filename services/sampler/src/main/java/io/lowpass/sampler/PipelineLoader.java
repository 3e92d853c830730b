package io.lowpass.sampler;

import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.Residence;
import io.lowpass.sampler.PipelineGenerator.Settings;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How the model of a folder is loaded: in memory where there is room for it, unless the settings say otherwise.
 *
 * @param settings asked for with each call, so that what is wrong with them is a problem of that model alone
 * @param check refuses settings; once, when the weights are asked for, which is before the first load
 */
record PipelineLoader(Supplier<Settings> settings, Consumer<Settings> check) implements ModelLoader {

    @Override
    public long weights() {
        Settings known = settings.get();
        check.accept(known);
        return weights(known);
    }

    @Override
    public Generator load(long room) {
        Settings known = settings.get();
        Residence fitting = known.device().isGpu() || weights(known) <= room ? Residence.RESIDENT : Residence.STREAMED;
        return PipelineGenerator.load(known, known.residence().orElse(fitting), room);
    }

    private static long weights(Settings known) {
        return known.weights()
                .orElseGet(() -> Families.open(known.folder()).limits().samplerWeights(known.precision()));
    }
}
