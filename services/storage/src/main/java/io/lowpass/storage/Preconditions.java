package io.lowpass.storage;

import jakarta.ws.rs.core.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The preconditions of a request for a video (RFC 9110, section 13). Malformed ones are ignored, as the RFC requires.
 *
 * @param headers headers of the request
 * @param etag strong ETag of the video, without quotes
 * @param lastModified when the video was last modified
 */
record Preconditions(HttpHeaders headers, String etag, Instant lastModified) {

    private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");
    private static final int CENTURY = 100;
    private static final int YEARS_AHEAD = 50;

    /** The date format in responses. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    Preconditions {
        lastModified = lastModified.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Whether a precondition for this exact video fails: 412. */
    boolean isFailed() {
        List<String> match = headers.getRequestHeader(HttpHeaders.IF_MATCH);
        if (!match.isEmpty()) {
            return !isAmong(match, false);
        }
        return date(HttpHeaders.IF_UNMODIFIED_SINCE)
                .filter(lastModified::isAfter)
                .isPresent();
    }

    /** Whether the client already has this video: 304. */
    boolean isNotModified() {
        List<String> noneMatch = headers.getRequestHeader(HttpHeaders.IF_NONE_MATCH);
        if (!noneMatch.isEmpty()) {
            return isAmong(noneMatch, true);
        }
        return date(HttpHeaders.IF_MODIFIED_SINCE)
                .filter(date -> !lastModified.isAfter(date))
                .isPresent();
    }

    /** The Range header, unless If-Range names another video; empty for the whole. */
    String range() {
        String condition = header("If-Range").orElse("");
        boolean holds = condition.isEmpty()
                || condition.equals('"' + etag + '"')
                || parse(condition).filter(lastModified::equals).isPresent();
        return holds ? header("Range").orElse("") : "";
    }

    /** The date as a header has it. */
    static String text(Instant date) {
        return DATE.format(date.atOffset(ZoneOffset.UTC));
    }

    private boolean isAmong(List<String> lines, boolean weakly) {
        String line = String.join(",", lines);
        if (line.strip().equals("*")) {
            return true;
        }
        Matcher tags = TAG.matcher(line);
        return tags.results().anyMatch(tag -> tag.group(2).equals(etag) && (weakly || tag.group(1) == null));
    }

    private Optional<Instant> date(String name) {
        return header(name).flatMap(Preconditions::parse);
    }

    private Optional<String> header(String name) {
        return Optional.ofNullable(headers.getHeaderString(name)).map(String::strip);
    }

    private static Optional<Instant> parse(String date) {
        // Recipients must also accept the two obsolete formats.
        return Stream.of(DATE, shortYears(), ASCTIME)
                .flatMap(form -> parse(form, date))
                .findFirst();
    }

    /** The format of RFC 850: a two-digit year means one at most 50 years ahead. */
    private static DateTimeFormatter shortYears() {
        int earliest = Instant.now().atOffset(ZoneOffset.UTC).getYear() + YEARS_AHEAD - CENTURY + 1;
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, earliest)
                .appendPattern(" HH:mm:ss 'GMT'")
                // The root locale has no full names of days.
                .toFormatter(Locale.ENGLISH);
    }

    private static Stream<Instant> parse(DateTimeFormatter form, String date) {
        try {
            return Stream.of(form.withZone(ZoneOffset.UTC).parse(date, Instant::from));
        } catch (DateTimeException e) {
            return Stream.empty();
        }
    }
}
