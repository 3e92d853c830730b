package io.lowpass.lab.options;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.cli.CacheOption;
import io.lowpass.diffusion.schedulers.Schedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of {@code --policies} where policies are compared: a cache policy in the short form of {@link CacheOption},
 * or a control that spends less by taking fewer steps.
 *
 * <ul>
 *   <li>{@code steps:25}: the uncached model with 25 steps, under the scheduler of the comparison
 *   <li>{@code steps:25@unipc}: the same under UniPC; and so on
 *   <li>{@code steps:200@euler}: more steps are a control, too: the second reference of a comparison
 *   <li>anything else: {@link CacheOption#settings}, with the steps and scheduler of the comparison
 * </ul>
 *
 * @param label the text itself, which names the entry in tables and reports
 * @param steps denoising steps
 * @param scheduler the scheduler, where the entry names one
 * @param cache the cache settings as a request has them
 */
public record Contender(String label, int steps, Optional<String> scheduler, ObjectNode cache) {

    private static final String PREFIX = "steps:";
    private static final Pattern FORM = Pattern.compile("steps:([1-9][0-9]{0,3})(?:@(.+))?");

    /**
     * Parses an entry.
     *
     * @param steps denoising steps of the comparison
     * @throws IllegalArgumentException if the text has none of the forms
     */
    public static Contender of(String text, int steps) {
        if (!text.startsWith(PREFIX)) {
            return new Contender(text, steps, Optional.empty(), CacheOption.settings(text, steps));
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches() || (form.group(2) != null && !Schedulers.NAMES.contains(form.group(2)))) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not steps:N or steps:N@SCHEDULER with N from 1 to 9999 and SCHEDULER one of "
                            + String.join(", ", Schedulers.NAMES));
        }
        return new Contender(
                text,
                Integer.parseInt(form.group(1)),
                Optional.ofNullable(form.group(2)),
                CacheOption.settings("none", steps));
    }

    /** The entries of a list with commas between them, which may also stand within the braces of an entry. */
    public static List<String> split(String list) {
        List<String> entries = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                entries.add(list.substring(start, i).strip());
                start = i + 1;
            }
        }
        entries.add(list.substring(start).strip());
        return entries.stream().filter(entry -> !entry.isEmpty()).toList();
    }

    /** Whether it differs from the uncached run by its steps or scheduler instead of a cache. */
    public boolean isControl() {
        return label.startsWith(PREFIX);
    }
}
