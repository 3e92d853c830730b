package io.lowpass.caching.settings;

import io.lowpass.caching.StepWindow;
import io.lowpass.caching.settings.InvalidCacheSettingsException.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Options by name, read one by one; whatever is wrong with them is collected and reported together. */
final class Options {

    private static final int SHOWN = 60;

    private final String path;
    private final Map<String, ?> values;
    private final List<Problem> problems;
    private final Set<String> asked;

    Options(String path, Map<String, ?> values) {
        this(path, values, new ArrayList<>(), new HashSet<>());
    }

    private Options(String path, Map<String, ?> values, List<Problem> problems, Set<String> asked) {
        this.path = path;
        this.values = values;
        this.problems = problems;
        this.asked = asked;
    }

    /** The same options, with those of a preset where they are not given. */
    Options over(Map<String, ?> preset) {
        Map<String, Object> merged = new TreeMap<>(preset);
        merged.putAll(values);
        return new Options(path, merged, problems, asked);
    }

    /** A number of at least {@code least}. */
    double number(String name, double otherwise, double least) {
        return number(name, otherwise, least, Double.MAX_VALUE, "a number of at least " + shown(least));
    }

    /** A number within bounds. */
    double number(String name, double otherwise, double least, double most, String allowed) {
        Object value = ask(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= most) {
            return number.doubleValue();
        }
        refuse(name, value, allowed);
        return otherwise;
    }

    /** A whole number of at least {@code least}. */
    int integer(String name, int otherwise, int least) {
        return integer(name, otherwise, least, Integer.MAX_VALUE, "a whole number of at least " + least);
    }

    /** A whole number within bounds. */
    int integer(String name, int otherwise, int least, int most, String allowed) {
        Object value = ask(name);
        if (value == null) {
            return otherwise;
        }
        if (isWhole(value) && ((Number) value).intValue() >= least && ((Number) value).intValue() <= most) {
            return ((Number) value).intValue();
        }
        refuse(name, value, allowed);
        return otherwise;
    }

    boolean flag(String name, boolean otherwise) {
        Object value = ask(name);
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value != null) {
            refuse(name, value, "true or false");
        }
        return otherwise;
    }

    /** One of an enum's constants, written in camel case. */
    <E extends Enum<E>> E choice(String name, E otherwise) {
        Object value = ask(name);
        if (value == null) {
            return otherwise;
        }
        E[] constants = otherwise.getDeclaringClass().getEnumConstants();
        Optional<E> match = Stream.of(constants)
                .filter(constant -> label(constant).equals(value))
                .findFirst();
        if (match.isEmpty()) {
            refuse(name, value, Stream.of(constants).map(Options::label).collect(Collectors.joining(" or ")));
        }
        return match.orElse(otherwise);
    }

    /** Whole numbers of at least 0. */
    Set<Integer> integers(String name) {
        Object value = ask(name);
        if (value instanceof List<?> list
                && list.stream().allMatch(item -> isWhole(item) && ((Number) item).intValue() >= 0)) {
            return list.stream().map(item -> ((Number) item).intValue()).collect(Collectors.toCollection(TreeSet::new));
        }
        if (value != null) {
            refuse(name, value, "a list of whole numbers of at least 0");
        }
        return Set.of();
    }

    /** Zeros and ones that begin with a one, by whether they are ones. */
    Optional<List<Boolean>> bits(String name) {
        Object value = ask(name);
        if (value instanceof List<?> list
                && list.stream().allMatch(Options::isBit)
                && !list.isEmpty()
                && ((Number) list.get(0)).intValue() == 1) {
            return Optional.of(
                    list.stream().map(bit -> ((Number) bit).intValue() == 1).toList());
        }
        if (value != null) {
            refuse(name, value, "a list of 0 and 1 that begins with 1");
        }
        return Optional.empty();
    }

    /** Finite numbers, which must be given. */
    List<Double> numbers(String name) {
        Object value = ask(name);
        if (value instanceof List<?> list
                && !list.isEmpty()
                && list.stream()
                        .allMatch(item -> item instanceof Number number && Double.isFinite(number.doubleValue()))) {
            return list.stream().map(item -> ((Number) item).doubleValue()).toList();
        }
        refuse(name, value == null ? "missing" : value, "a list of numbers");
        return List.of(1.0);
    }

    /** The bounds of a window, in the unit of the one that is taken where none is given. */
    StepWindow window(String name, StepWindow otherwise) {
        Object value = ask(name);
        if (value instanceof List<?> list
                && list.size() == 2
                && list.get(0) instanceof Number low
                && list.get(1) instanceof Number high
                && StepWindow.isAllowed(low.doubleValue(), high.doubleValue(), otherwise.unit())) {
            return new StepWindow(low.doubleValue(), high.doubleValue(), otherwise.unit());
        }
        if (value != null) {
            refuse(name, value, "a list of " + StepWindow.allowed(otherwise.unit()));
        }
        return otherwise;
    }

    /** Positive numbers, which must be given. */
    List<Double> positives(String name) {
        List<Double> numbers = numbers(name);
        if (numbers.stream().allMatch(number -> number > 0)) {
            return numbers;
        }
        refuse(name, numbers, "a list of positive numbers");
        return List.of(1.0);
    }

    /** Positive numbers. */
    List<Double> positives(String name, List<Double> otherwise) {
        return ask(name) == null ? otherwise : positives(name);
    }

    /** Options within an option. */
    Optional<Options> nested(String name) {
        Object value = ask(name);
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> fields = new TreeMap<>();
            map.forEach((key, item) -> fields.put(String.valueOf(key), item));
            return Optional.of(new Options(path + "." + name, fields, problems, new HashSet<>()));
        }
        if (value != null) {
            refuse(name, value, "an object");
        }
        return Optional.empty();
    }

    boolean has(String name) {
        return values.get(name) != null;
    }

    /** An option as it is given. */
    Optional<Object> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    void refuse(String name, Object value, String allowed) {
        problems.add(new Problem(path + "." + name, shown(value), allowed));
    }

    /** Refuses every option that nobody asked for. */
    void requireNoOthers() {
        values.forEach((name, value) -> {
            if (!asked.contains(name)) {
                refuse(name, shown(value), "an option here (" + String.join(", ", new TreeSet<>(asked)) + ")");
            }
        });
    }

    /**
     * Ends the reading.
     *
     * @throws InvalidCacheSettingsException with everything that was refused
     */
    void requireNoProblems() {
        if (!problems.isEmpty()) {
            throw new InvalidCacheSettingsException(problems);
        }
    }

    private @Nullable Object ask(String name) {
        asked.add(name);
        return values.get(name);
    }

    private static boolean isBit(@Nullable Object value) {
        return value instanceof Number number && (number.doubleValue() == 0 || number.doubleValue() == 1);
    }

    private static boolean isWhole(@Nullable Object value) {
        return value instanceof Number number
                && number.doubleValue() == Math.rint(number.doubleValue())
                && Math.abs(number.doubleValue()) <= Integer.MAX_VALUE;
    }

    /** A constant in camel case, as requests write it. */
    static String label(Enum<?> constant) {
        String[] words = constant.name().toLowerCase(Locale.ROOT).split("_", -1);
        return words[0]
                + Stream.of(words)
                        .skip(1)
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining());
    }

    private static String shown(Object value) {
        String text = isWhole(value) ? String.valueOf(((Number) value).longValue()) : String.valueOf(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
