package io.lowpass.caching.settings;

import io.lowpass.caching.Forecast.Form;
import io.lowpass.caching.dual.DualBlockCache;
import io.lowpass.caching.dual.ExtendedBlockCache;
import io.lowpass.caching.dual.StepMask;
import io.lowpass.caching.easy.EasyCache;
import io.lowpass.caching.firstblock.FirstBlockCache;
import io.lowpass.caching.fixed.Fixed;
import io.lowpass.caching.mag.MagCache;
import io.lowpass.caching.sea.SeaCache;
import io.lowpass.caching.taylor.TaylorSeer;
import io.lowpass.caching.taylor.TaylorSeer.Scope;
import io.lowpass.caching.tea.TeaCache;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.fields.Values;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From the options of most methods to their policies. */
final class MethodSettings {

    private MethodSettings() {}

    static CachePolicy fixed(Values options) {
        return options.has("every")
                ? Fixed.every(options.integer("every"))
                : Fixed.at(Set.copyOf(options.integers("steps")));
    }

    static CachePolicy tea(Values options) {
        boolean retention = options.flag("retention");
        return new TeaCache(
                options.number("threshold"),
                options.numbers("coefficients"),
                options.has("signal") ? Optional.of(options.choice("signal", Signal.class)) : Optional.empty(),
                retention ? TeaCache.RETAINED : 1,
                !retention);
    }

    static CachePolicy easy(Values options) {
        return new EasyCache(options.number("threshold"), options.integer("warmUp"));
    }

    static CachePolicy mag(Values options) {
        return new MagCache(
                options.number("threshold"),
                options.integer("maxSkip"),
                options.number("retention"),
                options.numbers("ratios"),
                options.numbers("unconditionedRatios"));
    }

    static CachePolicy firstBlock(Values options) {
        return new FirstBlockCache(options.number("threshold"));
    }

    static CachePolicy dual(Values options) {
        DualBlockCache blocks = new DualBlockCache(
                options.integer("fn"),
                options.integer("bn"),
                options.number("threshold"),
                new DualBlockCache.ReuseLimits(
                        options.integer("warmUp"),
                        limit(options, "maxCached"),
                        limit(options, "maxConsecutive"),
                        options.number("maxAccumulated"),
                        options.integer("warmUpInterval")),
                options.choice("scope", DualBlockCache.Scope.class));
        Optional<StepMask> mask = mask(options);
        int order = options.integer("taylorOrder");
        return mask.isEmpty() && order == 0 ? blocks : new ExtendedBlockCache(blocks, mask, order);
    }

    private static Optional<StepMask> mask(Values options) {
        List<Boolean> computed =
                options.integers("computeMask").stream().map(step -> step == 1).toList();
        return computed.isEmpty()
                ? Optional.empty()
                : Optional.of(new StepMask(computed, options.choice("maskPolicy", StepMask.Policy.class)));
    }

    /** A number of steps; none is 0, or -1 as the reference has it. */
    private static int limit(Values options, String name) {
        return Math.max(0, options.integer(name));
    }

    static CachePolicy sea(Values options) {
        return new SeaCache(
                options.number("threshold"),
                options.integer("order"),
                options.integer("retention"),
                options.integer("end"),
                options.integer("maxConsecutive"),
                options.number("power"));
    }

    static CachePolicy taylor(Values options) {
        return new TaylorSeer(
                options.integer("interval"),
                options.integer("warmUp"),
                options.integer("order"),
                options.choice("form", Form.class),
                options.choice("scope", Scope.class),
                options.integer("end"));
    }
}
