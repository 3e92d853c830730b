package io.lowpass.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests that must be taken, and requests that must be refused with what is wrong with them: one table for all. */
public final class SampleRequests {

    private static final Pattern REPEATED = Pattern.compile("\\$\\{([0-9]+) times (.)}");
    private static final JsonNode TABLE = read();

    private SampleRequests() {}

    /**
     * A request.
     *
     * @param name what is special about it
     * @param key of its record, which names the job, if it has one
     * @param base64 its bytes
     * @param errors what must be found wrong with it, in any order; none for a good request
     */
    public record SampleRequest(String name, Optional<String> key, String base64, List<ExpectedError> errors) {

        /** The bytes. */
        public byte[] body() {
            return Base64.getDecoder().decode(base64);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** An error by its code and the path of its field. */
    public record ExpectedError(String code, String field) {}

    /** Requests that must be taken. */
    public static List<SampleRequest> good() {
        return rows("good");
    }

    /** Requests that must be refused. */
    public static List<SampleRequest> bad() {
        return rows("bad");
    }

    private static List<SampleRequest> rows(String kind) {
        List<SampleRequest> rows = new ArrayList<>();
        for (JsonNode row : TABLE.get(kind)) {
            List<ExpectedError> errors = new ArrayList<>();
            row.path("errors")
                    .forEach(error -> errors.add(new ExpectedError(
                            error.get("code").textValue(), error.get("field").textValue())));
            rows.add(new SampleRequest(
                    row.get("name").textValue(),
                    Optional.ofNullable(row.path("key").textValue()),
                    base64(row),
                    List.copyOf(errors)));
        }
        return rows;
    }

    private static String base64(JsonNode row) {
        if (row.has("base64")) {
            return row.get("base64").textValue();
        }
        String text = REPEATED.matcher(row.get("body").textValue()).replaceAll(SampleRequests::repeat);
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String repeat(MatchResult match) {
        return Matcher.quoteReplacement(match.group(2).repeat(Integer.parseInt(match.group(1))));
    }

    private static JsonNode read() {
        try (InputStream in = Objects.requireNonNull(SampleRequests.class.getResourceAsStream("requests.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
