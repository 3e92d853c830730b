package io.lowpass.contracts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The user metadata of a video's object: from the request, plus the job that made it. S3 transports it in HTTP headers,
 * so text beyond printable ASCII is sent as encoded words of RFC 2047 ({@code =?UTF-8?B?…?=}), in the form in which S3
 * returns it.
 */
public final class ObjectMetadata {

    /** The job that made the object. */
    public static final String JOB_ID = "job-id";

    /** Names reserved for the service. */
    public static final List<String> OWN_NAMES = List.of(JOB_ID, "seed", "model");

    /**
     * The largest total size of a request's names and encoded values, in bytes: S3 allows 2,048 including the service's
     * own.
     */
    public static final int MAX_BYTES = 1_800;

    /** Text that a header carries unchanged: no leading, trailing or double spaces, nothing like an encoded word. */
    private static final Pattern PLAIN = Pattern.compile("(?!.*(=\\?|  ))([!-~]([ -~]*[!-~])?)?");

    /** An encoded word has at most 75 characters, 12 of them around the Base64 text. */
    private static final int WORD_BYTES = 45;

    private ObjectMetadata() {}

    /** The encoded metadata of the job's object. */
    public static Map<String, String> of(Job job) {
        Map<String, String> metadata = new TreeMap<>();
        job.metadata().forEach((name, value) -> metadata.put(name, encode(value)));
        metadata.put(JOB_ID, job.jobId());
        metadata.put("seed", Long.toString(job.seed()));
        metadata.put("model", job.model());
        return metadata;
    }

    /** The total size of a request's names and encoded values, in bytes. */
    public static int bytes(Map<String, String> metadata) {
        return metadata.entrySet().stream()
                .mapToInt(entry ->
                        entry.getKey().length() + encode(entry.getValue()).length())
                .sum();
    }

    /** A value in header form: unchanged, or as encoded words separated by spaces. */
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
