package io.lowpass.tensor;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The differences between the tensors of a file and the parameters of a model, with a likely explanation. */
final class ArchitectureMismatch {

    private static final int SHOWN = 20;

    private static final Pattern QUANTIZED =
            Pattern.compile(".*(\\.(qweight|qzeros|scales|g_idx|SCB|absmax|quant_map|quant_state.*|nested_.*"
                    + "|weight_scale|input_scale|scale_weight|scale_input|weight_format)|scaled_fp8)");
    private static final Pattern ADAPTER = Pattern.compile(
            ".*[._](lora_[AB]|lora_(down|up)|alpha|hada_w\\d_[ab]|dora_scale|lora_magnitude_vector)\\b.*");

    private final Set<String> missing = new LinkedHashSet<>();
    private final Set<String> unexpected = new LinkedHashSet<>();

    /** Descriptions of the differences, by kind. */
    private final List<String> missingTold = new ArrayList<>();

    private final List<String> unexpectedTold = new ArrayList<>();
    private final List<String> misshapenTold = new ArrayList<>();

    void missing(String name, Shape shape) {
        missing.add(name);
        missingTold.add("missing " + name + " " + shape);
    }

    void unexpected(String name, Shape shape) {
        unexpected.add(name);
        unexpectedTold.add("unexpected " + name + " " + shape);
    }

    void misshapen(String name, Shape shape, Shape expected) {
        misshapenTold.add("misshapen " + name + " " + shape + ", expected " + expected);
    }

    /**
     * Ends the comparison.
     *
     * @throws IllegalArgumentException if anything differs: how much, the first names of each kind, and a likely reason
     */
    void requireNone(String component) {
        int all = missingTold.size() + unexpectedTold.size() + misshapenTold.size();
        if (all == 0) {
            return;
        }
        List<String> told = told();
        StringBuilder text = new StringBuilder(component)
                .append(" does not match its configuration, ")
                .append(all)
                .append(" parameter(s) differ:\n  ")
                .append(String.join("\n  ", told));
        if (told.size() < all) {
            text.append("\n  and ")
                    .append(all - told.size())
                    .append(" more; in all ")
                    .append(count("missing", missing))
                    .append(", ")
                    .append(count("unexpected", unexpected))
                    .append(", ")
                    .append(misshapenTold.size())
                    .append(" misshapen");
        }
        hint().ifPresent(hint -> text.append("\n  ").append(hint));
        throw new IllegalArgumentException(text.toString());
    }

    /** The shown names: each kind has a share, plus what the others leave. */
    private List<String> told() {
        int share = SHOWN / 3;
        List<String> first = Stream.of(missingTold, unexpectedTold, misshapenTold)
                .flatMap(kind -> kind.stream().limit(share))
                .toList();
        List<String> rest = Stream.of(missingTold, unexpectedTold, misshapenTold)
                .flatMap(kind -> kind.stream().skip(share))
                .limit(SHOWN - first.size())
                .toList();
        Set<String> shown = new LinkedHashSet<>(first);
        shown.addAll(rest);
        return Stream.of(missingTold, unexpectedTold, misshapenTold)
                .flatMap(kind -> kind.stream().filter(shown::contains))
                .toList();
    }

    private static String count(String kind, Set<String> names) {
        String common = commonPrefix(names);
        boolean told = names.size() > 1 && !common.isEmpty();
        return names.size() + " " + kind + (told ? ", all beginning with '" + common + "'" : "");
    }

    private Optional<String> hint() {
        if (unexpected.stream().anyMatch(name -> ADAPTER.matcher(name).matches())) {
            return Optional.of("The file is an adapter (LoRA), which Lowpass does not support: use the whole model.");
        }
        if (unexpected.stream().anyMatch(name -> QUANTIZED.matcher(name).matches())) {
            return Optional.of("The weights are quantized, which Lowpass does not read yet; allowed are "
                    + ElementType.OF_WEIGHTS + ".");
        }
        return prefix().or(this::otherNames);
    }

    /** The prefix that turns unexpected names into missing ones when removed or added. */
    private Optional<String> prefix() {
        String common = commonPrefix(unexpected);
        for (int dot = common.indexOf('.'); dot >= 0; dot = common.indexOf('.', dot + 1)) {
            String prefix = common.substring(0, dot + 1);
            if (isMost(unexpected.stream().map(name -> name.substring(prefix.length())))) {
                return Optional.of("Every name begins with '" + prefix
                        + "', which another program added: use the folder in the format of diffusers.");
            }
        }
        return Optional.empty();
    }

    private boolean isMost(Stream<String> names) {
        return names.filter(missing::contains).count() > missing.size() / 2;
    }

    private Optional<String> otherNames() {
        boolean nothingFits = !missing.isEmpty() && unexpected.size() > missing.size() / 2;
        return nothingFits && missing.size() > SHOWN
                ? Optional.of(
                        "The names are those of another format of the model, such as its authors' own or a single file for"
                                + " ComfyUI: use the folder in the format of diffusers (its name often ends in -Diffusers).")
                : Optional.empty();
    }

    /** The common prefix of all names, up to a dot. */
    private static String commonPrefix(Set<String> names) {
        String common = names.stream()
                .reduce((one, other) -> {
                    int same = 0;
                    while (same < Math.min(one.length(), other.length()) && one.charAt(same) == other.charAt(same)) {
                        same++;
                    }
                    return one.substring(0, same);
                })
                .orElse("");
        return common.substring(0, common.lastIndexOf('.') + 1);
    }
}
