package io.lowpass.storage;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One byte range of an object (RFC 9110, section 14). Several ranges, or a malformed one, are answered with the whole
 * object, as the RFC allows.
 *
 * @param first first byte
 * @param length number of bytes
 */
record ByteRange(long first, long length) {

    private static final Pattern UNIT = Pattern.compile("bytes=(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern FORM = Pattern.compile("([0-9]*)-([0-9]*)");

    /**
     * The range in the header of an object of {@code size} bytes; empty for the whole.
     *
     * @throws IllegalArgumentException if it is beyond the end
     */
    static Optional<ByteRange> of(String header, long size) {
        Matcher unit = UNIT.matcher(header.strip());
        if (!unit.matches()) {
            return Optional.empty();
        }
        List<String> ranges = Stream.of(unit.group(1).split(","))
                .map(String::strip)
                .filter(range -> !range.isEmpty())
                .toList();
        Matcher form = FORM.matcher(ranges.size() == 1 ? ranges.get(0) : "");
        if (!form.matches() || form.group().equals("-")) {
            return Optional.empty();
        }
        if (form.group(1).isEmpty()) {
            long length = clamped(form.group(2), size);
            return Optional.of(checked(header, size - length, size - 1, size));
        }
        BigInteger first = new BigInteger(form.group(1));
        if (!form.group(2).isEmpty() && new BigInteger(form.group(2)).compareTo(first) < 0) {
            return Optional.empty();
        }
        long last = form.group(2).isEmpty() ? size - 1 : clamped(form.group(2), size - 1);
        return Optional.of(checked(header, clamped(form.group(1), size), last, size));
    }

    private static long clamped(String number, long most) {
        return new BigInteger(number).min(BigInteger.valueOf(most)).longValueExact();
    }

    private static ByteRange checked(String header, long first, long last, long size) {
        if (first > last) {
            throw new IllegalArgumentException(header + " of " + size + " bytes");
        }
        return new ByteRange(first, last - first + 1);
    }

    /** Value of the header {@code Content-Range}. */
    String contentRange(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
