package io.lowpass.models.opensora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.models.text.CaptionCleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A prompt as the official script reads it: captions for one clip after another, written
 * <code>|0| first |2| from the third clip on</code>, or one for all; then, in braces, what to begin from.
 *
 * @param captions scored and cleaned, in the order in which they were written
 * @param starts the clip from which each caption holds; none if there is one caption for all clips
 * @param references whether the prompt names pictures or videos to begin from
 */
public record OpenSoraPrompt(List<String> captions, List<Integer> starts, boolean references) {

    private static final String FIRST = "|0|";
    private static final Set<String> SETTINGS = Set.of("reference_path", "mask_strategy");

    /** Copies the lists. */
    public OpenSoraPrompt {
        captions = List.copyOf(captions);
        starts = List.copyOf(starts);
    }

    /**
     * Reads a prompt.
     *
     * @throws IllegalArgumentException if what is in braces is not understood, or a caption has no number
     */
    public static OpenSoraPrompt of(String prompt, OpenSoraScores scores) {
        int brace = prompt.indexOf('{');
        String written = brace < 0 ? prompt : prompt.substring(0, brace);
        boolean references = brace >= 0 && namesReferences(prompt.substring(brace));
        List<String> captions = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        if (written.startsWith(FIRST)) {
            String[] parts = written.split("\\|", -1);
            for (int i = 1; i < parts.length; i += 2) {
                starts.add(clip(parts[i]));
                captions.add(i + 1 < parts.length ? parts[i + 1].strip() : "");
            }
        } else {
            captions.add(written);
        }
        List<String> cleaned = captions.stream()
                .map(caption -> CaptionCleaner.clean(scores.appendTo(caption)))
                .toList();
        return new OpenSoraPrompt(cleaned, starts, references);
    }

    /** All captions in one text, each behind its number. */
    public String merged() {
        if (starts.isEmpty()) {
            return captions.get(0);
        }
        StringBuilder merged = new StringBuilder();
        for (int i = 0; i < captions.size(); i++) {
            merged.append('|').append(starts.get(i)).append('|').append(captions.get(i));
        }
        return merged.toString();
    }

    /**
     * The caption of a clip.
     *
     * @param clip counted from 0
     */
    public String caption(int clip) {
        int reached = 0;
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : clip + 1;
            reached += Math.max(0, end - starts.get(i));
            if (clip < reached) {
                return captions.get(i);
            }
        }
        return captions.get(captions.size() - 1);
    }

    private static int clip(String number) {
        try {
            return Integer.parseInt(number.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "prompt: '" + number + "' stands where the number of a clip is wanted, as in |0| one |2| other", e);
        }
    }

    private static boolean namesReferences(String braces) {
        JsonNode settings;
        try {
            settings = new ObjectMapper().readTree(braces);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("prompt: what is in braces is not JSON: " + braces, e);
        }
        settings.fieldNames().forEachRemaining(name -> {
            if (!SETTINGS.contains(name)) {
                throw new IllegalArgumentException("prompt: '" + name + "' in braces is not one of " + SETTINGS);
            }
        });
        return !settings.path("reference_path").asText("").isEmpty();
    }
}
