package io.lowpass.contracts.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.ObjectMetadata;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The fields of a request that are text: prompt, idempotency key, metadata. */
final class TextRules {

    private static final int MAX_KEY_BYTES = 128;
    private static final int MAX_ENTRIES = 16;
    private static final int MAX_ENTRY_BYTES = 256;
    private static final Pattern ENTRY_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private final Fields request;
    private final Problems problems;

    TextRules(Fields request, Problems problems) {
        this.request = request;
        this.problems = problems;
    }

    String prompt() {
        if (request.find("prompt").isEmpty()) {
            request.refuse(Problem.REQUIRED, "prompt", "what the video shows, in words");
        }
        Optional<String> prompt = spoken("prompt");
        if (prompt.filter(TextRules::isBlank).isPresent()) {
            request.refuse(Problem.BLANK, "prompt", "at least one character that is seen");
        }
        return prompt.orElse("");
    }

    String negativePrompt() {
        return spoken("negativePrompt").orElse("");
    }

    /** Text for a text encoder, which goes into the file as well. */
    private Optional<String> spoken(String name) {
        Optional<String> text = request.text(name, RequestValidation.MAX_PROMPT_BYTES);
        if (text.filter(said -> said.indexOf('\0') >= 0).isPresent()) {
            // Native code takes NUL for the end of a text: the tags of an MP4 file cannot hold it.
            request.refuse(Problem.FORM, name, "text without the character NUL, U+0000");
        }
        return text;
    }

    Optional<String> idempotencyKey() {
        Optional<String> key = request.text("idempotencyKey", MAX_KEY_BYTES);
        if (key.filter(TextRules::isBlank).isPresent()) {
            request.refuse(Problem.BLANK, "idempotencyKey", "at least one character that is not a space");
        } else if (key.filter(TextRules::hasControls).isPresent()) {
            request.refuse(Problem.FORM, "idempotencyKey", "text without control characters");
        }
        return key;
    }

    /** Names and values that go with the object as its user metadata. */
    Map<String, String> metadata() {
        Map<String, String> metadata = new TreeMap<>();
        Optional<ObjectNode> object = request.object("metadata");
        if (object.isEmpty()) {
            return metadata;
        }
        if (object.get().size() > MAX_ENTRIES) {
            problems.add(Problem.TOO_LONG, "metadata", object.get().size() + " entries", "at most " + MAX_ENTRIES);
            return metadata;
        }
        Fields entries = request.within("metadata", object.get());
        Set<String> names = new HashSet<>(ObjectMetadata.OWN_NAMES);
        object.get().fieldNames().forEachRemaining(name -> {
            checkName(name, Problems.shorten(entries.path(name)), names);
            Optional<String> value = entries.text(name, MAX_ENTRY_BYTES);
            if (value.filter(TextRules::hasControls).isPresent()) {
                entries.refuse(Problem.FORM, name, "text without control characters");
            }
            value.ifPresent(text -> metadata.put(name, text));
        });
        int bytes = ObjectMetadata.bytes(metadata);
        if (bytes > ObjectMetadata.MAX_BYTES) {
            problems.add(
                    Problem.TOO_LONG,
                    "metadata",
                    bytes + " bytes",
                    "at most " + ObjectMetadata.MAX_BYTES + " bytes of names and values together, what is not ASCII in"
                            + " base 64");
        }
        return metadata;
    }

    private void checkName(String name, String path, Set<String> taken) {
        if (!ENTRY_NAME.matcher(name).matches()) {
            problems.add(Problem.FORM, path, name, "names of 1 to 64 of A-Z a-z 0-9 _ -, the first a letter or digit");
        } else if (!taken.add(name.toLowerCase(Locale.ROOT))) {
            // S3 does not tell upper case from lower.
            problems.add(
                    Problem.FORM,
                    path,
                    name,
                    "each name once, whatever its case, and none of " + String.join(", ", ObjectMetadata.OWN_NAMES));
        }
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static boolean isBlank(String text) {
        return text.codePoints()
                .allMatch(point -> Character.isWhitespace(point)
                        || Character.isSpaceChar(point)
                        || Character.isISOControl(point)
                        || Character.getType(point) == Character.FORMAT);
    }
}
