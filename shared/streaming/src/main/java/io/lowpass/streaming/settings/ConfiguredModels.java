package io.lowpass.streaming.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The models in a worker's settings, without spurious ones. An environment variable cannot express capitals, dots or
 * dashes: {@code LOWPASS_MODELS__WAN_1_3B__DEVICE} sets the device of {@code wan-1.3b} and also looks like a model
 * {@code wan.1.3b}.
 */
public final class ConfiguredModels {

    private static final Logger LOG = Logger.getLogger(ConfiguredModels.class);

    private ConfiguredModels() {}

    /**
     * The models that have a folder, by name. If the names of two models map to the same environment variable and their
     * folders are equal, the one that only the variable suggests is dropped.
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

    /** The name as it appears in the configuration when set by an environment variable. */
    private static String asVariable(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ".");
    }
}
