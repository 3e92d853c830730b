package io.lowpass.streaming.settings;

import io.lowpass.contracts.request.ModelCard;
import io.lowpass.contracts.request.ModelCard.Worker;
import io.lowpass.contracts.request.ModelCatalogue;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The settings {@code lowpass.models.<name>.*} and the default model of sampler and encoder, as the model catalogue says
 * them: one file for all services. System properties, environment variables and {@code application.properties} win over
 * it.
 */
public final class CatalogueSettings implements ConfigSourceFactory {

    /** Lower than the ordinal of every other configuration source. */
    private static final int ORDINAL = 90;

    /** Found by its name in {@code META-INF/services}. */
    public CatalogueSettings() {}

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if there is a catalogue and it cannot be understood, with file, field, value and
     *     what is allowed
     */
    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        return Optional.ofNullable(context.getValue(ModelCatalogue.SETTING))
                .map(ConfigValue::getValue)
                .filter(file -> !file.isBlank())
                .map(CatalogueSettings::source)
                .map(List::of)
                .orElse(List.of());
    }

    private static ConfigSource source(String file) {
        return new PropertiesConfigSource(settings(ModelCatalogue.read(Path.of(file))), file, ORDINAL);
    }

    /** The settings of a catalogue, by full name. */
    public static Map<String, String> settings(ModelCatalogue catalogue) {
        Map<String, String> settings = new TreeMap<>();
        for (ModelCard card : catalogue.models()) {
            card.worker().ifPresent(worker -> put(settings, ModelNameSpelling.prefix(card.name()), worker));
        }
        settings.put("lowpass.sampler.default-model", catalogue.defaultModel());
        settings.put("lowpass.encoder.default-model", catalogue.defaultModel());
        return settings;
    }

    private static void put(Map<String, String> settings, String prefix, Worker worker) {
        settings.put(prefix + "folder", worker.folder());
        worker.device().ifPresent(device -> settings.put(prefix + "device", device));
        worker.vaeDevice().ifPresent(device -> settings.put(prefix + "vae-device", device));
        worker.dtype().ifPresent(dtype -> settings.put(prefix + "dtype", dtype));
        worker.weights().ifPresent(weights -> settings.put(prefix + "weights", weights));
        worker.threads().ifPresent(threads -> settings.put(prefix + "threads", String.valueOf(threads)));
        worker.cacheProfiles().ifPresent(file -> settings.put(prefix + "cache-profiles", file));
        worker.memory().ifPresent(bytes -> settings.put(prefix + "memory", String.valueOf(bytes)));
    }
}
