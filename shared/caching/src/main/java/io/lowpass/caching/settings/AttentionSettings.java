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
import io.lowpass.fields.Values;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From the options of the methods that work on attention to their policies. */
final class AttentionSettings {

    private AttentionSettings() {}

    static CachePolicy pab(Values options) {
        Cadence spatial = broadcast(options, "spatial");
        Map<SubLayer, Cadence> attentions = new EnumMap<>(SubLayer.class);
        attentions.put(SubLayer.SELF_ATTENTION, spatial);
        attentions.put(SubLayer.SPATIAL_ATTENTION, spatial);
        attentions.put(SubLayer.TEMPORAL_ATTENTION, broadcast(options, "temporal"));
        attentions.put(SubLayer.CROSS_ATTENTION, broadcast(options, "cross"));
        return new PyramidAttentionBroadcast(
                attentions,
                options.group("feedForward").map(AttentionSettings::feedForward).orElse(FeedForwardBroadcast.NONE));
    }

    private static Cadence broadcast(Values options, String attention) {
        return new Cadence(options.integer(attention + "Range"), window(options, attention));
    }

    /** Starts are a set: one that is named twice is one. */
    private static FeedForwardBroadcast feedForward(Values options) {
        List<Integer> starts =
                options.integers("starts").stream().distinct().sorted().toList();
        return new FeedForwardBroadcast(starts, Set.copyOf(options.integers("blocks")), options.integer("steps"));
    }

    static CachePolicy faster(Values options) {
        return new FasterCache(
                cadence(options, "attention"),
                new Extrapolation(
                        options.number("weight"),
                        options.number("finalWeight"),
                        options.choice("history", PredictorHistory.class)),
                cadence(options, "unconditional"),
                boost(options, "low"),
                boost(options, "high"),
                options.number("maskFraction"));
    }

    private static Cadence cadence(Values options, String what) {
        return new Cadence(options.integer(what + "Every"), options.integer(what + "Phase"), window(options, what));
    }

    private static Boost boost(Values options, String band) {
        return new Boost(options.number(band + "Boost"), window(options, band));
    }

    private static StepWindow window(Values options, String what) {
        List<Double> bounds = options.numbers(what + "Window");
        return new StepWindow(bounds.get(0), bounds.get(1), options.choice("windowUnit", StepWindow.Unit.class));
    }
}
