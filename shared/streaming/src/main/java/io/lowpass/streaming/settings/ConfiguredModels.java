package io.lowpass.streaming.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The models of a worker's settings, without those that are none. An environment variable cannot say capitals, dots or
 * dashes: {@code LOWPASS_MODELS__WAN_1_3B__DEVICE} sets the device of {@code wan-1.3b} and looks like a model
 * {@code wan.1.3b} besides.
 */
public final class ConfiguredModels {

    private static final Logger LOG = Logger.getLogger(ConfiguredModels.class);

    private ConfiguredModels() {}

    /**
     * Those that have a folder, by name; of two whose names an environment variable cannot tell apart and whose folder
     * is the same, the one that the variable did not make up.
     *
     * @param <M> a model's settings
     * @param folder of a model
     */
    public static <M> Map<String, M> of(Map<String, M> models, Function<M, Optional<String>> folder) {
        Map<String, M> found = new TreeMap<>();
        models.forEach((name, model) -> {
            if (folder.apply(model).isEmpty()) {
                LOG.infof("No model '%s': it has settings, but no folder", name);
            } else if (!isMadeUp(name, folder.apply(model), models, folder)) {
                found.put(name, model);
            }
        });
        return found;
    }

    private static <M> boolean isMadeUp(
            String name, Optional<String> place, Map<String, M> models, Function<M, Optional<String>> folder) {
        String said = asVariable(name);
        return name.equals(said)
                && models.entrySet().stream()
                        .anyMatch(other -> !other.getKey().equals(name)
                                && asVariable(other.getKey()).equals(said)
                                && folder.apply(other.getValue()).equals(place));
    }

    /** What a configuration makes of the name in a variable. */
    private static String asVariable(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ".");
    }
}
