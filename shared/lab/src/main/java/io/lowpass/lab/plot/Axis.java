package io.lowpass.lab.plot;

import java.util.Optional;

/**
 * One axis of a plot.
 *
 * @param label what it measures, with its unit
 * @param scale how values are spread over it
 * @param range what it shows; empty: all of the data
 */
public record Axis(String label, Scale scale, Optional<Range> range) {

    /** How values are spread. */
    public enum Scale {
        LINEAR,
        /** Equal ratios are equal distances; values that are not positive are not shown. */
        LOG
    }

    /** From a value to a larger one. */
    public record Range(double from, double to) {

        /** Checks the order. */
        public Range {
            if (!(from < to) || !Double.isFinite(from) || !Double.isFinite(to)) {
                throw new IllegalArgumentException("axis from " + from + " to " + to + " is not a range");
            }
        }
    }

    /** A linear axis as wide as the data. */
    public static Axis linear(String label) {
        return new Axis(label, Scale.LINEAR, Optional.empty());
    }

    /** A logarithmic axis as wide as the data. */
    public static Axis log(String label) {
        return new Axis(label, Scale.LOG, Optional.empty());
    }

    /** The same axis from one value to another. */
    public Axis within(double from, double to) {
        return new Axis(label, scale, Optional.of(new Range(from, to)));
    }
}
