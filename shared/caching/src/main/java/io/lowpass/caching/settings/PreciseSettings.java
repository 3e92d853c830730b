package io.lowpass.caching.settings;

import io.lowpass.caching.precise.BlockCache;
import io.lowpass.caching.precise.BlockCache.Sets;
import io.lowpass.caching.precise.Downsampling;
import io.lowpass.caching.precise.LFCache;
import io.lowpass.caching.precise.LFCache.Accumulation;
import io.lowpass.caching.precise.LFCache.Reference;
import io.lowpass.caching.precise.LFCache.Weight;
import io.lowpass.caching.precise.PreciseCache;
import io.lowpass.caching.precise.Reuse;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.fields.Values;

/** From the options of PreciseCache to its policy. */
final class PreciseSettings {

    private PreciseSettings() {}

    static CachePolicy precise(Values options) {
        int warmUp = options.integer("warmUp");
        LFCache steps = new LFCache(
                options.number("alpha"),
                warmUp,
                new Downsampling(
                        options.integer("temporalFactor"),
                        options.integer("spatialFactor"),
                        options.choice("downsample", Downsampling.Operator.class)),
                options.number("maskFraction"),
                options.choice("reference", Reference.class),
                options.choice("accumulation", Accumulation.class),
                options.choice("weight", Weight.class),
                options.flag("forceLast"),
                options.choice("reuse", Reuse.class));
        return options.group("blocks")
                .<CachePolicy>map(blocks -> new PreciseCache(
                        steps,
                        new BlockCache(
                                blocks.number("cachedFraction"),
                                blocks.integer("reuse"),
                                warmUp,
                                blocks.choice("sets", Sets.class))))
                .orElse(steps);
    }
}
