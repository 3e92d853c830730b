package io.lowpass.streaming.settings;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Treats {@code lowpass.models.demo.device} and {@code lowpass.models."demo".device} as one setting: a mapping would
 * read only one of the spellings. Names with a dot require quotes.
 */
public final class ModelNameSpelling implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1;
    private static final String PREFIX = "lowpass.models.";
    private static final Pattern QUOTED = Pattern.compile("lowpass\\.models\\.\"([^\".*]+)\"\\.(.+)");
    private static final Pattern PLAIN = Pattern.compile("lowpass\\.models\\.([^\".*]+)\\.(.+)");

    /** Found by its name in {@code META-INF/services}. */
    public ModelNameSpelling() {}

    /** The value of the name, in the spelling whose source has the higher ordinal. */
    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        return Stream.of(Optional.of(name), other(name))
                .flatMap(Optional::stream)
                .map(spelling -> Optional.ofNullable(context.proceed(spelling)))
                .flatMap(Optional::stream)
                .max(ConfigValue.CONFIG_SOURCE_COMPARATOR)
                .map(value -> value.withName(name))
                .orElse(null);
    }

    /** The names, without quotes where possible. */
    @Override
    public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
        Set<String> names = new LinkedHashSet<>();
        context.iterateNames().forEachRemaining(name -> names.add(plain(name).orElse(name)));
        return names.iterator();
    }

    /** The prefix of a model's settings, with the final dot. */
    static String prefix(String model) {
        return PREFIX + (model.contains(".") ? '"' + model + '"' : model) + '.';
    }

    private static Optional<String> other(String name) {
        if (!name.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Matcher unquoted = PLAIN.matcher(name);
        return unquoted.matches()
                ? Optional.of(PREFIX + '"' + unquoted.group(1) + "\"." + unquoted.group(2))
                : plain(name);
    }

    private static Optional<String> plain(String name) {
        return Optional.of(QUOTED.matcher(name))
                .filter(Matcher::matches)
                .map(match -> prefix(match.group(1)) + match.group(2));
    }
}
