package io.lowpass.models.text;

import java.util.List;

/**
 * A tokenized prompt, padded at its end.
 *
 * @param ids token ids, padding included
 * @param length number of tokens that are not padding
 */
public record Tokens(List<Long> ids, int length) {

    /** Checks the length and copies the ids. */
    public Tokens {
        if (length < 0 || length > ids.size()) {
            throw new IllegalArgumentException("length is " + length + ", allowed is 0 to " + ids.size());
        }
        ids = List.copyOf(ids);
    }

    /** The ids without padding. */
    public long[] real() {
        return ids.stream().limit(length).mapToLong(Long::longValue).toArray();
    }
}
