package io.lowpass.contracts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The user metadata of a video's object: what the request gave, and which job made it. S3 carries it in HTTP headers, so
 * text beyond printable ASCII travels as encoded words of RFC 2047 ({@code =?UTF-8?B?…?=}), as S3 itself gives it back.
 */
public final class ObjectMetadata {

    /** The job that made the object. */
    public static final String JOB_ID = "job-id";

    /** Names that a request cannot give, since they are given by the service. */
    public static final List<String> OWN_NAMES = List.of(JOB_ID, "seed", "model");

    /** Most bytes of names and values of one request, as they travel: S3 takes 2,048 with the service's own. */
    public static final int MAX_BYTES = 1_800;

    /** What a header carries unchanged: single spaces within, none around, nothing that looks like an encoded word. */
    private static final Pattern PLAIN = Pattern.compile("(?!.*(=\\?|  ))([!-~]([ -~]*[!-~])?)?");

    /** An encoded word has at most 75 characters, 12 of them around the base 64 text. */
    private static final int WORD_BYTES = 45;

    private ObjectMetadata() {}

    /** Names and values for the job's object, as they travel. */
    public static Map<String, String> of(Job job) {
        Map<String, String> metadata = new TreeMap<>();
        job.metadata().forEach((name, value) -> metadata.put(name, encode(value)));
        metadata.put(JOB_ID, job.jobId());
        metadata.put("seed", Long.toString(job.seed()));
        metadata.put("model", job.model());
        return metadata;
    }

    /** Bytes of a request's names and values, as they travel. */
    public static int bytes(Map<String, String> metadata) {
        return metadata.entrySet().stream()
                .mapToInt(entry ->
                        entry.getKey().length() + encode(entry.getValue()).length())
                .sum();
    }

    /** A value as a header carries it: itself, or encoded words with a space between them. */
    static String encode(String value) {
        if (PLAIN.matcher(value).matches()) {
            return value;
        }
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        value.codePoints().forEach(point -> {
            String next = Character.toString(point);
            if (bytes(word + next).length > WORD_BYTES) {
                words.add(word(word.toString()));
                word.setLength(0);
            }
            word.append(next);
        });
        words.add(word(word.toString()));
        return String.join(" ", words);
    }

    private static String word(String text) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes(text)) + "?=";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
