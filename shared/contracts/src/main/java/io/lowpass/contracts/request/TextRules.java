package io.lowpass.contracts.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.ObjectMetadata;
import io.lowpass.contracts.RequestFields;
import io.lowpass.fields.Entries;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Problem;
import io.lowpass.fields.Violation;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The fields of a request that are text: prompt, idempotency key, metadata. */
final class TextRules {

    private static final Pattern ENTRY_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private final Fields request;

    TextRules(Fields request) {
        this.request = request;
    }

    String prompt() {
        request.requirePresent("prompt", "what the video shows, in words");
        Optional<String> prompt = spoken("prompt");
        if (prompt.filter(TextRules::isBlank).isPresent()) {
            request.refuse(Violation.BLANK, "prompt", "at least one character that is seen");
        }
        return prompt.orElse("");
    }

    String negativePrompt() {
        return spoken("negativePrompt").orElse("");
    }

    /** Text for a text encoder, which goes into the file as well. */
    private Optional<String> spoken(String name) {
        Optional<String> text = RequestFields.text(request, name);
        if (text.filter(said -> said.indexOf('\0') >= 0).isPresent()) {
            // Native code takes NUL for the end of a text: the tags of an MP4 file cannot hold it.
            request.refuse(Violation.FORM, name, "text without the character NUL, U+0000");
        }
        return text;
    }

    Optional<String> idempotencyKey() {
        Optional<String> key = RequestFields.text(request, "idempotencyKey");
        if (key.filter(TextRules::isBlank).isPresent()) {
            request.refuse(Violation.BLANK, "idempotencyKey", "at least one character that is not a space");
        } else if (key.filter(TextRules::hasControls).isPresent()) {
            request.refuse(Violation.FORM, "idempotencyKey", "text without control characters");
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
        Entries rule = RequestFields.rule("metadata", Entries.class);
        int before = request.problems().count();
        rule.check(request, "metadata");
        if (request.problems().count() > before) {
            return metadata;
        }
        Fields entries = request.within("metadata", object.get());
        Set<String> names = new HashSet<>(ObjectMetadata.OWN_NAMES);
        object.get().fieldNames().forEachRemaining(name -> {
            checkName(name, Problem.shorten(entries.path(name)), names);
            Optional<String> value = entries.text(name, rule.maxBytes());
            if (value.filter(TextRules::hasControls).isPresent()) {
                entries.refuse(Violation.FORM, name, "text without control characters");
            }
            value.ifPresent(text -> metadata.put(name, text));
        });
        int bytes = ObjectMetadata.bytes(metadata);
        if (bytes > ObjectMetadata.MAX_BYTES) {
            request.problems()
                    .add(
                            Violation.TOO_LONG,
                            "metadata",
                            bytes + " bytes",
                            "at most " + ObjectMetadata.MAX_BYTES
                                    + " bytes of names and values together, what is not ASCII in" + " base 64");
        }
        return metadata;
    }

    private void checkName(String name, String path, Set<String> taken) {
        if (!ENTRY_NAME.matcher(name).matches()) {
            request.problems()
                    .add(
                            Violation.FORM,
                            path,
                            name,
                            "names of 1 to 64 of A-Z a-z 0-9 _ -, the first a letter or digit");
        } else if (!taken.add(name.toLowerCase(Locale.ROOT))) {
            // S3 does not tell upper case from lower.
            request.problems()
                    .add(
                            Violation.FORM,
                            path,
                            name,
                            "each name once, whatever its case, and none of "
                                    + String.join(", ", ObjectMetadata.OWN_NAMES));
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
