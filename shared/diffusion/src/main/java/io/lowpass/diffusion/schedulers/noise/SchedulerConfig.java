package io.lowpass.diffusion.schedulers.noise;

import io.lowpass.fields.Fields;
import io.lowpass.fields.InvalidFieldsException;
import io.lowpass.fields.Items;
import io.lowpass.fields.Problems;
import io.lowpass.fields.Rule;
import io.lowpass.fields.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A diffusers scheduler config, read field by field; what cannot be used is collected, so that all of it is reported at
 * once. A field that is absent or null has its default; one that does not bear on flow matching is not looked at.
 */
public final class SchedulerConfig {

    private static final String SOURCE = "scheduler config";

    /** As many levels are held in memory; models are trained with 1000. */
    private static final int MOST = 100_000;

    private final Map<String, ?> values;
    private final Problems problems = new Problems();
    private final Fields fields;

    public SchedulerConfig(Map<String, ?> values) {
        this.values = values;
        this.fields = Fields.of("", values, problems);
    }

    public double number(String name, double otherwise) {
        return optional(name).orElse(otherwise);
    }

    public OptionalDouble optional(String name) {
        return fields.number(name);
    }

    public int integer(String name, int otherwise) {
        return whole(fields.integer(name, -MOST, MOST), otherwise);
    }

    /** A whole number of at least 1. */
    public int positive(String name, int otherwise) {
        return whole(fields.integer(name, 1, MOST), otherwise);
    }

    private static int whole(OptionalLong value, int otherwise) {
        return (int) value.orElse(otherwise);
    }

    /** A number above 0. */
    public double above(String name, double otherwise) {
        return fields.number(name, Double.MIN_VALUE, Double.MAX_VALUE, "a number above 0")
                .orElse(otherwise);
    }

    /** A number between 0 and 1, both excluded. */
    public double share(String name, double otherwise) {
        return fields.number(name, Double.MIN_VALUE, Math.nextDown(1.0), "a number between 0 and 1")
                .orElse(otherwise);
    }

    /** A number that may be negatively infinite, also as text. */
    public double limit(String name, double otherwise) {
        Object value = values.get(name);
        boolean open = value != null && List.of("-Infinity", "-inf").contains(value.toString());
        return open ? Double.NEGATIVE_INFINITY : number(name, otherwise);
    }

    /** Whether a field is there and not null. */
    public boolean has(String name) {
        return fields.has(name);
    }

    /** The level that a schedule is stretched to end at; 0 asks for nothing, as in the reference. */
    public OptionalDouble shiftTerminal() {
        double value = fields.number("shift_terminal", 0, Math.nextDown(1.0), "a number from 0 to below 1")
                .orElse(0);
        return value > 0 ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    public boolean flag(String name, boolean otherwise) {
        return fields.flag(name).orElse(otherwise);
    }

    /** The value as text, which must be one of those allowed. */
    public String choice(String name, String otherwise, String... allowed) {
        return fields.oneOf(name, List.of(allowed), "").orElse(otherwise);
    }

    /** The value as a constant, whose name in small letters it must be. */
    public <E extends Enum<E>> E constant(String name, E otherwise) {
        E[] constants = otherwise.getDeclaringClass().getEnumConstants();
        String[] allowed = Stream.of(constants).map(SchedulerConfig::written).toArray(String[]::new);
        String chosen = choice(name, written(otherwise), allowed);
        return Stream.of(constants)
                .filter(constant -> written(constant).equals(chosen))
                .findFirst()
                .orElse(otherwise);
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Whole numbers; none where there is no list. */
    public Set<Integer> integers(String name) {
        int before = problems.count();
        Items.of(new Rule.Whole(-MOST, MOST), 0, MOST).check(fields, name);
        return problems.count() > before ? Set.of() : Set.copyOf(new Values(fields.json()).integers(name));
    }

    public FinalSigma finalLevel() {
        return choice("final_sigmas_type", "zero", "zero", "sigma_min").equals("zero")
                ? FinalSigma.ZERO
                : FinalSigma.SIGMA_MIN;
    }

    /** How levels are spread, of which at most one field may ask for something else than the shift. */
    public SigmaSpacing spread() {
        Map<String, SigmaSpacing> spreads = new TreeMap<>(Map.of(
                "use_karras_sigmas", SigmaSpacing.KARRAS,
                "use_exponential_sigmas", SigmaSpacing.EXPONENTIAL,
                "use_beta_sigmas", SigmaSpacing.BETA));
        List<String> asked =
                spreads.keySet().stream().filter(name -> flag(name, false)).toList();
        require(asked.size() <= 1, String.join(" and ", asked), true, "one of them");
        return asked.isEmpty() ? SigmaSpacing.SHIFTED : spreads.getOrDefault(asked.get(0), SigmaSpacing.SHIFTED);
    }

    /** Refuses fields that ask for something: they must be absent, null or false. */
    public void requireOff(String... names) {
        Stream.of(names).forEach(name -> require(!isOn(values.get(name)), name, values.get(name), "false or absent"));
    }

    /** Refuses a number that would change a schedule which does not know it. */
    public void requireOneWhereGiven(String name) {
        double value = number(name, 1);
        require(value == 1, name, value, "1 or absent");
    }

    /** Refuses a value that a condition does not hold for. */
    public void require(boolean holds, String name, @Nullable Object value, String allowed) {
        if (!holds) {
            Map<String, Object> refused = new HashMap<>();
            refused.put(name, value);
            Fields.of("", refused, problems).require(false, name, allowed);
        }
    }

    /**
     * Ends the reading.
     *
     * @throws InvalidFieldsException naming every field that cannot be used, its value and what is allowed
     */
    public void requireNoProblems() {
        problems.requireNone(SOURCE);
    }

    public static void requireShift(String name, double shift) {
        if (!(shift > 0) || Double.isInfinite(shift)) {
            throw new IllegalArgumentException(name + " is " + shift + ", allowed is a number above 0");
        }
    }

    public static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is a whole number of at least 1");
        }
    }

    private static boolean isOn(@Nullable Object value) {
        return value != null && !Boolean.FALSE.equals(value);
    }
}
