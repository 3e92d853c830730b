package io.lowpass.diffusion.schedulers.noise;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A diffusers scheduler config, read field by field; what cannot be used is collected, so that all of it is reported at
 * once. A field that is absent or null has its default; one that does not bear on flow matching is not looked at.
 */
public final class SchedulerConfig {

    /** As many levels are held in memory; models are trained with 1000. */
    private static final int MOST = 100_000;

    private static final int SHOWN = 80;

    private final Map<String, ?> fields;
    private final List<String> problems = new ArrayList<>();

    public SchedulerConfig(Map<String, ?> fields) {
        this.fields = fields;
    }

    public double number(String name, double otherwise) {
        return optional(name).orElse(otherwise);
    }

    public OptionalDouble optional(String name) {
        Object value = fields.get(name);
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return OptionalDouble.of(number.doubleValue());
        }
        if (value != null) {
            refuse(name, value, "a finite number");
        }
        return OptionalDouble.empty();
    }

    public int integer(String name, int otherwise) {
        double value = number(name, otherwise);
        if (value != Math.rint(value) || Math.abs(value) > MOST) {
            refuse(name, value, "a whole number of at most " + MOST);
            return otherwise;
        }
        return (int) value;
    }

    /** A whole number of at least 1. */
    public int positive(String name, int otherwise) {
        int value = integer(name, otherwise);
        require(value >= 1, name, value, "at least 1");
        return Math.max(value, 1);
    }

    /** A number above 0. */
    public double above(String name, double otherwise) {
        double value = number(name, otherwise);
        require(value > 0, name, value, "a positive number");
        return value > 0 ? value : otherwise;
    }

    /** A number between 0 and 1, both excluded. */
    public double share(String name, double otherwise) {
        double value = number(name, otherwise);
        boolean holds = value > 0 && value < 1;
        require(holds, name, value, "between 0 and 1");
        return holds ? value : otherwise;
    }

    /** A number that may be negatively infinite, also as text. */
    public double limit(String name, double otherwise) {
        Object value = fields.get(name);
        boolean open = value != null && List.of("-Infinity", "-inf").contains(value.toString());
        return open ? Double.NEGATIVE_INFINITY : number(name, otherwise);
    }

    /** Whether a field is there and not null. */
    public boolean has(String name) {
        return fields.get(name) != null;
    }

    /** The level that a schedule is stretched to end at; 0 asks for nothing, as in the reference. */
    public OptionalDouble shiftTerminal() {
        double value = number("shift_terminal", 0);
        require(value >= 0 && value < 1, "shift_terminal", value, "0 to 1");
        return value > 0 && value < 1 ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    public boolean flag(String name, boolean otherwise) {
        return choice(name, String.valueOf(otherwise), "true", "false").equals("true");
    }

    /** The value as text, which must be one of those allowed. */
    public String choice(String name, String otherwise, String... allowed) {
        Object value = fields.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!List.of(allowed).contains(value.toString())) {
            refuse(name, value, String.join(" or ", allowed));
        }
        return value.toString();
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

    public Set<Integer> integers(String name) {
        Object value = fields.get(name);
        if (value instanceof List<?> list && list.stream().allMatch(Integer.class::isInstance)) {
            return list.stream().map(Integer.class::cast).collect(Collectors.toUnmodifiableSet());
        }
        if (value != null) {
            refuse(name, value, "a list of whole numbers");
        }
        return Set.of();
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
        if (asked.size() > 1) {
            refuse(String.join(" and ", asked), true, "one of them");
        }
        return asked.isEmpty() ? SigmaSpacing.SHIFTED : spreads.getOrDefault(asked.get(0), SigmaSpacing.SHIFTED);
    }

    /** Refuses fields that ask for something: they must be absent, null or false. */
    public void requireOff(String... names) {
        Stream.of(names).filter(name -> isOn(fields.get(name))).forEach(name -> refuse(name, fields.get(name), "off"));
    }

    /** Refuses a number that would change a schedule which does not know it. */
    public void requireOneWhereGiven(String name) {
        double value = number(name, 1);
        if (value != 1) {
            refuse(name, value, "1, or absent");
        }
    }

    /** Refuses a value that a condition does not hold for. */
    public void require(boolean holds, String name, Object value, String allowed) {
        if (!holds) {
            refuse(name, value, allowed);
        }
    }

    /**
     * Ends the reading.
     *
     * @throws IllegalArgumentException naming every field that cannot be used, its value and what is allowed
     */
    public void requireNoProblems() {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("scheduler config: " + String.join("; ", problems));
        }
    }

    public static void requireShift(String name, double shift) {
        if (!(shift > 0) || Double.isInfinite(shift)) {
            throw new IllegalArgumentException(name + " " + shift + " is not a positive number");
        }
    }

    public static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " " + value + " is not at least 1");
        }
    }

    private static boolean isOn(@Nullable Object value) {
        return value != null && !Boolean.FALSE.equals(value);
    }

    private void refuse(String name, @Nullable Object value, String allowed) {
        String text = String.valueOf(value);
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        problems.add(name + " " + shown + " is not supported (" + allowed + ")");
    }
}
