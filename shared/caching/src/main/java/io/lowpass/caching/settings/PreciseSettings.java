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
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The options of PreciseCache; what is not given is as the preset, or else the paper, says. */
final class PreciseSettings {

    /**
     * A preset of the paper.
     *
     * @param alpha LFCache's threshold
     * @param blocks whether BlockCache works within the computed steps
     */
    private record Preset(double alpha, boolean blocks) {}

    private static final Preset PAPER = new Preset(0.5, false);
    private static final Map<String, Preset> PRESETS =
            Map.of("base", PAPER, "turbo", new Preset(0.7, false), "flash", new Preset(0.7, true));

    private static final double PAPER_FRACTION = 0.4;
    private static final int PAPER_REUSE = 3;
    private static final double LEAST_FRACTION = 1e-9;

    private PreciseSettings() {}

    static Set<String> presets() {
        return PRESETS.keySet();
    }

    static Optional<CachePolicy> read(Optional<String> presetName, Options options) {
        presetName
                .filter(name -> !PRESETS.containsKey(name))
                .ifPresent(name -> options.refuse("preset", name, "base, turbo or flash"));
        Preset preset = PRESETS.getOrDefault(presetName.orElse("base"), PAPER);
        int warmUp = options.integer("warmUp", LFCache.PAPER_WARM_UP, 2);
        Accumulation accumulation = options.choice("accumulation", Accumulation.ANCHOR);
        LFCache steps = new LFCache(
                options.number("alpha", preset.alpha(), 0),
                warmUp,
                downsampling(options),
                options.number("maskFraction", LFCache.PAPER_MASK, LEAST_FRACTION, 1, "above 0 and at most 1"),
                reference(options, accumulation),
                accumulation,
                options.choice("weight", Weight.NONE),
                options.flag("forceLast", false),
                options.choice("reuse", Reuse.PREDICTION));
        Optional<BlockCache> blocks = blocks(options, preset, warmUp);
        return Optional.of(
                blocks.<CachePolicy>map(cache -> new PreciseCache(steps, cache)).orElse(steps));
    }

    private static Downsampling downsampling(Options options) {
        int temporal = options.integer("temporalFactor", Downsampling.PAPER.temporalFactor(), 1);
        int spatial = options.integer("spatialFactor", Downsampling.PAPER.spatialFactor(), 1);
        Downsampling.Operator operator = options.choice("downsample", Downsampling.PAPER.operator());
        if (temporal == 1 && spatial == 1) {
            options.refuse("spatialFactor", 1, "at least 2 where temporalFactor is 1");
            return Downsampling.PAPER;
        }
        return new Downsampling(temporal, spatial, operator);
    }

    private static Reference reference(Options options, Accumulation accumulation) {
        boolean betweenProbes = accumulation == Accumulation.CONSECUTIVE;
        Reference reference = options.choice("reference", betweenProbes ? Reference.TRIAL : Reference.CACHED);
        if (betweenProbes && reference == Reference.CACHED) {
            options.refuse("reference", "cached", "trial, which accumulation consecutive needs");
            return Reference.TRIAL;
        }
        return reference;
    }

    private static Optional<BlockCache> blocks(Options options, Preset preset, int warmUp) {
        Optional<Options> nested = options.nested("blocks");
        if (nested.isEmpty() && !preset.blocks()) {
            return Optional.empty();
        }
        Options given = nested.orElseGet(() -> new Options("cache.blocks", Map.of()));
        BlockCache blocks = new BlockCache(
                given.number("cachedFraction", PAPER_FRACTION, 0, Math.nextDown(1.0), "at least 0 and below 1"),
                given.integer("reuse", PAPER_REUSE, 0),
                warmUp,
                given.choice("sets", Sets.SHARED));
        given.requireNoOthers();
        return Optional.of(blocks);
    }
}
