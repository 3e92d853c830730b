package io.lowpass.lab.plot;

import io.lowpass.lab.plot.Axis.Range;
import io.lowpass.lab.plot.Axis.Scale;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** An axis fitted to its data: where a value lies, and which values are marked. */
final class Ruler {

    private static final int WANTED = 6;
    private static final double MARGIN = 0.04;

    /** What a step between marks may begin with. */
    private static final double[] STEPS = {1, 2, 5, 10};

    private static final double WIDE = 2;
    private static final double LARGE = 1e5;
    private static final double SMALL = 1e-3;

    private final Axis axis;
    private final Range range;
    private final List<Double> ticks;

    private Ruler(Axis axis, Range range, List<Double> ticks) {
        this.axis = axis;
        this.range = range;
        this.ticks = ticks;
    }

    /**
     * Fits an axis.
     *
     * @throws IllegalArgumentException if no value can be shown on it
     */
    static Ruler fit(Axis axis, DoubleStream values) {
        DoubleSummaryStatistics data =
                values.filter(value -> isShown(axis, value)).summaryStatistics();
        if (data.getCount() == 0) {
            throw new IllegalArgumentException("no value can be shown on the axis '" + axis.label() + "'");
        }
        Range range = axis.range().orElseGet(() -> around(axis.scale(), data.getMin(), data.getMax()));
        return new Ruler(axis, range, ticks(axis.scale(), range));
    }

    static boolean isShown(Axis axis, double value) {
        return Double.isFinite(value) && (axis.scale() == Scale.LINEAR || value > 0);
    }

    boolean shows(double value) {
        return isShown(axis, value);
    }

    Axis axis() {
        return axis;
    }

    List<Double> ticks() {
        return ticks;
    }

    /** 0 at the start of the axis, 1 at its end. */
    double position(double value) {
        double from = scaled(range.from());
        return (scaled(value) - from) / (scaled(range.to()) - from);
    }

    /** A mark as text: no more decimals than it takes to tell it from its neighbours. */
    String text(double tick) {
        double size = Math.abs(tick);
        if (size >= LARGE || (size > 0 && size < SMALL)) {
            return String.format(Locale.ROOT, "%.0e", tick)
                    .replaceFirst("e([+-])0*(\\d)", "e$1$2")
                    .replace("e+", "e");
        }
        String plain = String.format(Locale.ROOT, "%.6f", tick).replaceAll("\\.?0+$", "");
        return plain.equals("-0") ? "0" : plain;
    }

    private double scaled(double value) {
        return axis.scale() == Scale.LOG ? Math.log10(value) : value;
    }

    private static Range around(Scale scale, double least, double most) {
        if (scale == Scale.LOG) {
            double margin = least == most ? 2 : Math.pow(most / least, MARGIN);
            return new Range(least / margin, most * margin);
        }
        double margin = least == most ? Math.max(Math.abs(least), 1) / 2 : (most - least) * MARGIN;
        // Data that begins at zero has its axis there: a margin below would show values that cannot be.
        return new Range(least >= 0 && least - margin < 0 ? 0 : least - margin, most + margin);
    }

    private static List<Double> ticks(Scale scale, Range range) {
        boolean decades = scale == Scale.LOG && Math.log10(range.to() / range.from()) >= WIDE;
        return decades ? decades(range) : even(range);
    }

    private static List<Double> even(Range range) {
        double rough = (range.to() - range.from()) / WANTED;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power
                * DoubleStream.of(STEPS)
                        .filter(s -> s * power >= rough)
                        .findFirst()
                        .orElse(10);
        List<Double> ticks = new ArrayList<>();
        long first = (long) Math.ceil(range.from() / step - 1e-9);
        for (long i = first; i * step <= range.to() + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private static List<Double> decades(Range range) {
        List<Double> ticks = new ArrayList<>();
        int first = (int) Math.ceil(Math.log10(range.from()));
        int last = (int) Math.floor(Math.log10(range.to()));
        int stride = Math.max(1, (last - first + 1) / WANTED);
        for (int exponent = first; exponent <= last; exponent += stride) {
            ticks.add(Math.pow(10, exponent));
        }
        return ticks;
    }
}
