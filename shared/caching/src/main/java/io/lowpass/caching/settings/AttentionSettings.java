package io.lowpass.caching.settings;

import io.lowpass.caching.Cadence;
import io.lowpass.caching.StepWindow;
import io.lowpass.caching.faster.FasterCache;
import io.lowpass.caching.faster.FasterCache.Boost;
import io.lowpass.caching.faster.FasterCache.Extrapolation;
import io.lowpass.caching.faster.FasterCache.PredictorHistory;
import io.lowpass.caching.pab.FeedForwardBroadcast;
import io.lowpass.caching.pab.PyramidAttentionBroadcast;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.blocks.SubLayer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The options of the methods that work on attention; what is not given is as diffusers has it. */
final class AttentionSettings {

    private static final int MOST_TIME = 1000;
    private static final double MOST_WEIGHT = 1000;
    private static final double LEAST_FRACTION = 1e-9;

    private AttentionSettings() {}

    static CachePolicy pab(Options options) {
        StepWindow.Unit unit = options.choice("windowUnit", StepWindow.Unit.TIMESTEP);
        Cadence spatial = broadcast(options, "spatial", 2, unit);
        Map<SubLayer, Cadence> attentions = new EnumMap<>(SubLayer.class);
        attentions.put(SubLayer.SELF_ATTENTION, spatial);
        attentions.put(SubLayer.SPATIAL_ATTENTION, spatial);
        attentions.put(SubLayer.TEMPORAL_ATTENTION, broadcast(options, "temporal", 1, unit));
        attentions.put(SubLayer.CROSS_ATTENTION, broadcast(options, "cross", 1, unit));
        return new PyramidAttentionBroadcast(
                attentions,
                options.nested("feedForward")
                        .map(AttentionSettings::feedForward)
                        .orElse(FeedForwardBroadcast.NONE));
    }

    private static Cadence broadcast(Options options, String kind, int otherwise, StepWindow.Unit unit) {
        return new Cadence(
                options.integer(kind + "Range", otherwise, 1),
                options.window(kind + "Window", window(unit, StepWindow.ofTimesteps(100, 800))));
    }

    private static FeedForwardBroadcast feedForward(Options options) {
        List<Integer> starts = new ArrayList<>(options.integers("starts"));
        int steps = options.integer("steps", 2, 1);
        List<Integer> blocks = new ArrayList<>(options.integers("blocks"));
        options.requireNoOthers();
        if (starts.isEmpty() || starts.stream().anyMatch(start -> start > MOST_TIME)) {
            options.refuse("starts", starts, "a list of timesteps of 0 to " + MOST_TIME);
            return FeedForwardBroadcast.NONE;
        }
        if (blocks.isEmpty()) {
            options.refuse("blocks", blocks, "a list of blocks");
            return FeedForwardBroadcast.NONE;
        }
        return new FeedForwardBroadcast(starts, java.util.Set.copyOf(blocks), steps);
    }

    static CachePolicy faster(Options options) {
        StepWindow.Unit unit = options.choice("windowUnit", StepWindow.Unit.TIMESTEP);
        double weight = options.number("weight", 0.5, -MOST_WEIGHT, MOST_WEIGHT, "a number of -1000 to 1000");
        double last = options.number("finalWeight", weight, -MOST_WEIGHT, MOST_WEIGHT, "a number of -1000 to 1000");
        return new FasterCache(
                cadence(options, "attention", 2, window(unit, StepWindow.ofTimesteps(-1, 681))),
                new Extrapolation(weight, last, options.choice("history", PredictorHistory.OUTPUTS)),
                cadence(options, "unconditional", 5, window(unit, StepWindow.ofTimesteps(-1, 641))),
                boost(options, "low", window(unit, StepWindow.ofTimesteps(99, 901))),
                boost(options, "high", window(unit, StepWindow.ofTimesteps(-1, 301))),
                options.number("maskFraction", FasterCache.REFERENCE_MASK, LEAST_FRACTION, 1, "above 0 and at most 1"));
    }

    private static Cadence cadence(Options options, String what, int otherwise, StepWindow window) {
        int every = options.integer(what + "Every", otherwise, 1);
        int phase = options.integer(what + "Phase", 0, 0, every - 1, "a whole number below " + what + "Every");
        return new Cadence(every, phase, options.window(what + "Window", window));
    }

    private static Boost boost(Options options, String band, StepWindow window) {
        return new Boost(options.number(band + "Boost", 1.1, 0), options.window(band + "Window", window));
    }

    /** A window of timesteps in the unit asked for: shares of the steps are those of a schedule without shift. */
    private static StepWindow window(StepWindow.Unit unit, StepWindow timesteps) {
        if (unit == StepWindow.Unit.TIMESTEP) {
            return timesteps;
        }
        return StepWindow.ofSteps(
                Math.max(0, 1 - timesteps.high() / MOST_TIME), Math.min(1, 1 - timesteps.low() / MOST_TIME));
    }
}
