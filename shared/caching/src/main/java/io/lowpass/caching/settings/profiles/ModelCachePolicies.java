package io.lowpass.caching.settings.profiles;

import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.fields.Field;
import io.lowpass.fields.policies.Policy;
import io.lowpass.fields.policies.PolicyTable;
import io.lowpass.tensor.Fingerprint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Creates the caching policies of requests for one model. If a request lacks an option that its method requires, the
 * model's profiles supply it, together with the options that identify its variant; with the preset {@value #CALIBRATED}
 * they supply all options. Options in the request always take precedence.
 */
public final class ModelCachePolicies {

    /** The preset that means what was measured on the model. */
    public static final String CALIBRATED = Policy.CALIBRATED;

    private static final List<String> COMPONENTS = List.of("transformer", "transformer_2");

    private final Path model;
    private final Path file;
    private final List<CacheProfile> profiles;
    private final Optional<String> problem;

    private ModelCachePolicies(Path model, Path file, List<CacheProfile> profiles, Optional<String> problem) {
        this.model = model;
        this.file = file;
        this.profiles = profiles;
        this.problem = problem;
    }

    /**
     * The policies of a model, with the profiles beside it, if there are any.
     *
     * @param model a diffusers folder
     * @throws IllegalArgumentException if their file cannot be understood
     */
    public static ModelCachePolicies of(Path model) {
        return of(model, Optional.empty());
    }

    /**
     * The policies of a model.
     *
     * @param model a diffusers folder
     * @param file its profiles; if not given, those beside it, if there are any
     * @throws IllegalArgumentException if the file cannot be understood
     */
    public static ModelCachePolicies of(Path model, Optional<Path> file) {
        Path place = file.orElseGet(() -> model.resolve(CacheProfiles.FILE_NAME));
        if (file.isEmpty() && !Files.isRegularFile(place)) {
            return new ModelCachePolicies(model, place, List.of(), Optional.of(place + " does not exist"));
        }
        CacheProfiles read = CacheProfiles.read(place);
        String fingerprint = fingerprint(model);
        if (read.fingerprint().equals(fingerprint)) {
            return new ModelCachePolicies(model, place, read.profiles(), Optional.empty());
        }
        String stale = place + " was made for another model (" + read.fingerprint() + ", not " + fingerprint + ")";
        return new ModelCachePolicies(model, place, List.of(), Optional.of(stale));
    }

    /**
     * Identifies a model: the fingerprint of its transformers, or of the folder's own weights.
     *
     * @param model a model folder
     */
    public static String fingerprint(Path model) {
        List<Path> components = COMPONENTS.stream()
                .map(model::resolve)
                .filter(Files::isDirectory)
                .toList();
        return Fingerprint.of(components.isEmpty() ? List.of(model) : components);
    }

    /** The profiles of the model; empty if it has no file, or one for another model. */
    public List<CacheProfile> profiles() {
        return profiles;
    }

    /** Why there are no profiles; requests that need none can still be served. */
    public Optional<String> problem() {
        return problem;
    }

    /**
     * The policy of a request.
     *
     * @param name the method
     * @param preset a named set of options that {@code options} refine
     * @param options the options by name, as JSON gives them
     * @param conditions the conditions of the request
     * @param warnings receives a warning if a profile was made under different conditions
     * @throws IllegalArgumentException with every field that cannot be used, or if no profile has what is needed
     */
    public CachePolicy of(
            String name,
            Optional<String> preset,
            Map<String, ?> options,
            SamplingConditions conditions,
            Consumer<String> warnings) {
        Optional<CacheProfile> profile = profile(name, preset, options, conditions);
        if (profile.isEmpty()) {
            return CachePolicies.of(name, preset, options);
        }
        warnOfDifferences(name, profile.get().conditions(), conditions, warnings);
        Map<String, Object> completed = new LinkedHashMap<>(profile.get().options());
        if (!isCalibrated(preset)) {
            completed.keySet().retainAll(options(name, Field::isOfModel));
        }
        completed.putAll(options);
        return CachePolicies.of(name, Optional.empty(), completed);
    }

    /**
     * The profile that the policy of a request takes options from; empty if it needs none.
     *
     * @param name the method
     * @param preset as the request has it
     * @param options as the request has them
     * @param conditions the conditions of the request
     * @throws IllegalArgumentException if no profile has what is needed
     */
    public Optional<CacheProfile> profile(
            String name, Optional<String> preset, Map<String, ?> options, SamplingConditions conditions) {
        return isCalibrated(preset) || lacksConstants(name, preset, options)
                ? Optional.of(best(name, options, conditions))
                : Optional.empty();
    }

    private static boolean isCalibrated(Optional<String> preset) {
        return preset.filter(CALIBRATED::equals).isPresent();
    }

    private static boolean lacksConstants(String name, Optional<String> preset, Map<String, ?> options) {
        return preset.isEmpty() && !options.keySet().containsAll(options(name, Field::isRequired));
    }

    /** The options of a method that are marked in the table. */
    private static List<String> options(String name, Predicate<Field> marked) {
        return Optional.ofNullable(PolicyTable.policies().get(name)).stream()
                .flatMap(policy -> policy.options().fields().entrySet().stream())
                .filter(option -> marked.test(option.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private CacheProfile best(String name, Map<String, ?> options, SamplingConditions conditions) {
        List<CacheProfile> ofMethod = profiles.stream()
                .filter(profile -> profile.method().equals(name) && profile.suits(options))
                .toList();
        return ofMethod.stream()
                .filter(profile -> profile.conditions().sameSchedule(conditions))
                .min(nearest(conditions))
                .orElseThrow(() -> missing(name, ofMethod, conditions));
    }

    /** Prefers the same number of steps, or else the nearest; then the same precision. */
    private static Comparator<CacheProfile> nearest(SamplingConditions conditions) {
        return Comparator.<CacheProfile>comparingInt(
                        profile -> Math.abs(profile.conditions().steps() - conditions.steps()))
                .thenComparing(profile -> !profile.conditions().dtype().equals(conditions.dtype()));
    }

    private static void warnOfDifferences(
            String name, SamplingConditions made, SamplingConditions wanted, Consumer<String> warnings) {
        if (made.steps() != wanted.steps()) {
            warnings.accept("the profile of " + name + " was made for " + made.steps() + " steps, not " + wanted.steps()
                    + ": " + (name.equals("magcache") ? "its curve is resampled" : "its constants may not hold"));
        }
        if (!made.dtype().equals(wanted.dtype())) {
            warnings.accept("the profile of " + name + " was made in " + made.dtype() + ", not " + wanted.dtype());
        }
    }

    private IllegalArgumentException missing(String name, List<CacheProfile> ofMethod, SamplingConditions conditions) {
        String needed = options(name, Field::isRequired).stream()
                .map(option -> " " + option)
                .collect(Collectors.joining());
        String reason = problem.orElseGet(() -> file
                + (ofMethod.isEmpty()
                        ? " has none for this method and its options, only for " + methods()
                        : " has it only for " + conditions(ofMethod)));
        return new IllegalArgumentException("cache." + name + needed + " for " + conditions
                + " is neither in the request nor in a profile of the model: " + reason + "; " + remedy(model, name));
    }

    private String methods() {
        return profiles.stream().map(CacheProfile::method).distinct().sorted().collect(Collectors.joining(", "));
    }

    private static String conditions(List<CacheProfile> profiles) {
        return profiles.stream()
                .map(profile -> profile.conditions().toString())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static String remedy(Path model, String method) {
        return "measure it with: lowpass calibrate --model " + model + " --methods " + method;
    }
}
