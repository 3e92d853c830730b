package io.lowpass.storage;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stretch of an object (RFC 9110, section 14): one range of bytes. Several at once are not supported, and answered by
 * the whole, as the RFC allows.
 *
 * @param first first byte
 * @param length bytes from there
 */
record ByteRange(long first, long length) {

    private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * The stretch that the header asks for of {@code size} bytes; empty for the whole.
     *
     * @throws IllegalArgumentException if no byte of it is there
     */
    static Optional<ByteRange> of(String header, long size) {
        Matcher form = FORM.matcher(header.strip());
        if (!form.matches() || (form.group(1).isEmpty() && form.group(2).isEmpty())) {
            return Optional.empty();
        }
        long first;
        long last = size - 1;
        if (form.group(1).isEmpty()) {
            first = Math.max(0, size - Long.parseLong(form.group(2)));
        } else {
            first = Long.parseLong(form.group(1));
            last = form.group(2).isEmpty() ? last : Math.min(last, Long.parseLong(form.group(2)));
        }
        if (first > last) {
            throw new IllegalArgumentException(header + " of " + size + " bytes");
        }
        return Optional.of(new ByteRange(first, last - first + 1));
    }

    /** Value of the header {@code Content-Range}. */
    String contentRange(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
