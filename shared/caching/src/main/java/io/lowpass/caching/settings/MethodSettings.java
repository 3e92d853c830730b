package io.lowpass.caching.settings;

import io.lowpass.caching.Forecast.Form;
import io.lowpass.caching.dual.DualBlockCache;
import io.lowpass.caching.dual.ExtendedBlockCache;
import io.lowpass.caching.dual.StepMask;
import io.lowpass.caching.easy.EasyCache;
import io.lowpass.caching.firstblock.FirstBlockCache;
import io.lowpass.caching.mag.MagCache;
import io.lowpass.caching.sea.SeaCache;
import io.lowpass.caching.taylor.TaylorSeer;
import io.lowpass.caching.taylor.TaylorSeer.Scope;
import io.lowpass.caching.tea.TeaCache;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.blocks.Signal;
import java.util.List;
import java.util.Optional;

/** The options of the other methods; what is not given is as their authors' code has it. */
final class MethodSettings {

    private static final double ALMOST_ONE = Math.nextDown(1.0);
    private static final double LEAST_POWER = 1e-9;

    private MethodSettings() {}

    /** With retention, the projected time embedding and five steps; without, the model's indicator, first and last. */
    static CachePolicy tea(Options options) {
        boolean retention = options.flag("retention", false);
        Signal signal = options.choice("signal", Signal.TIME_PROJECTION);
        return new TeaCache(
                options.number("threshold", 0.1, 0),
                options.numbers("coefficients"),
                options.has("signal") || retention ? Optional.of(signal) : Optional.empty(),
                retention ? TeaCache.RETAINED : 1,
                !retention);
    }

    static CachePolicy easy(Options options) {
        return new EasyCache(options.number("threshold", 0.05, 0), options.integer("warmUp", 10, 1));
    }

    static CachePolicy mag(Options options) {
        List<Double> ratios = options.positives("ratios");
        return new MagCache(
                options.number("threshold", 0.12, 0),
                options.integer("maxSkip", 4, 1),
                options.number("retention", 0.2, 0, ALMOST_ONE, "at least 0 and below 1"),
                ratios,
                options.positives("unconditionedRatios", ratios));
    }

    static CachePolicy firstBlock(Options options) {
        return new FirstBlockCache(options.number("threshold", 0.05, 0));
    }

    static CachePolicy dual(Options options) {
        DualBlockCache blocks = new DualBlockCache(
                options.integer("fn", 8, 1),
                options.integer("bn", 0, 0),
                options.number("threshold", 0.08, 0),
                new DualBlockCache.ReuseLimits(
                        options.integer("warmUp", 8, 0),
                        limit(options, "maxCached"),
                        limit(options, "maxConsecutive"),
                        options.number("maxAccumulated", 0, 0),
                        options.integer("warmUpInterval", 1, 1)),
                options.choice("scope", DualBlockCache.Scope.LIST));
        Optional<StepMask> mask = mask(options);
        int order = options.integer("taylorOrder", 0, 0, ExtendedBlockCache.HIGHEST_ORDER, "0, 1, 2, 3 or 4");
        return mask.isEmpty() && order == 0 ? blocks : new ExtendedBlockCache(blocks, mask, order);
    }

    private static Optional<StepMask> mask(Options options) {
        Optional<List<Boolean>> computed = options.bits("computeMask");
        StepMask.Policy policy = options.choice("maskPolicy", StepMask.Policy.DYNAMIC);
        if (options.has("maskPolicy") && !options.has("computeMask")) {
            options.refuse("computeMask", "missing", "what maskPolicy needs: a list of 0 and 1, one a step");
        }
        return computed.map(steps -> new StepMask(steps, policy));
    }

    /** A number of steps; none is 0, or -1 as the reference has it. */
    private static int limit(Options options, String name) {
        return Math.max(0, options.integer(name, 0, -1));
    }

    static CachePolicy sea(Options options) {
        return new SeaCache(
                options.number("threshold", 0.25, 0),
                options.integer("order", 1, 0, 1, "0 or 1"),
                options.integer("retention", 1, 0),
                options.integer("end", 1, 0),
                options.integer("maxConsecutive", 2, 0),
                options.number("power", 3, LEAST_POWER));
    }

    /** {@code lite} is the reference's name for the scope of whole predictions. */
    static CachePolicy taylor(Options options) {
        boolean lite = options.flag("lite", false);
        return new TaylorSeer(
                options.integer("interval", 5, 1),
                options.integer("warmUp", 3, 1),
                options.integer("order", 1, 0, 4, "0, 1, 2, 3 or 4"),
                options.choice("form", Form.TAYLOR),
                options.choice("scope", lite ? Scope.PREDICTION : Scope.SUB_LAYERS),
                options.integer("end", 0, 0));
    }
}
