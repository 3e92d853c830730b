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
 * What a request for a video depends on (RFC 9110, section 13). What is malformed is ignored, as the RFC asks for.
 *
 * @param headers of the request
 * @param etag of the video, without its quotes; it is a strong one
 * @param lastModified of the video
 */
record Preconditions(HttpHeaders headers, String etag, Instant lastModified) {

    private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");
    private static final int CENTURY = 100;
    private static final int YEARS_AHEAD = 50;

    /** The form of dates that is sent. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    Preconditions {
        lastModified = lastModified.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Whether one fails that asks for exactly this video: 412. */
    boolean isFailed() {
        List<String> match = headers.getRequestHeader(HttpHeaders.IF_MATCH);
        if (!match.isEmpty()) {
            return !isAmong(match, false);
        }
        return date(HttpHeaders.IF_UNMODIFIED_SINCE)
                .filter(lastModified::isAfter)
                .isPresent();
    }

    /** Whether the client has this video already: 304. */
    boolean isNotModified() {
        List<String> noneMatch = headers.getRequestHeader(HttpHeaders.IF_NONE_MATCH);
        if (!noneMatch.isEmpty()) {
            return isAmong(noneMatch, true);
        }
        return date(HttpHeaders.IF_MODIFIED_SINCE)
                .filter(date -> !lastModified.isAfter(date))
                .isPresent();
    }

    /** The header Range, unless it is meant for another video than this; empty for the whole. */
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
        // A recipient must understand the two old forms as well.
        return Stream.of(DATE, shortYears(), ASCTIME)
                .flatMap(form -> parse(form, date))
                .findFirst();
    }

    /** The form of RFC 850: two digits for a year that is at most 50 years ahead. */
    private static DateTimeFormatter shortYears() {
        int earliest = Instant.now().atOffset(ZoneOffset.UTC).getYear() + YEARS_AHEAD - CENTURY + 1;
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, earliest)
                .appendPattern(" HH:mm:ss 'GMT'")
                // The root locale has no whole names of days.
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
