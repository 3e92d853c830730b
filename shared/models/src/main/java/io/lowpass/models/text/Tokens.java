package io.lowpass.models.text;

import java.util.Arrays;

/**
 * A tokenized prompt, padded at its end.
 *
 * @param ids token ids, padding included
 * @param length number of tokens that are not padding
 */
public record Tokens(long[] ids, int length) {

    /** Checks the length and copies the ids. */
    public Tokens {
        if (length < 0 || length > ids.length) {
            throw new IllegalArgumentException("length is " + length + ", allowed is 0 to " + ids.length);
        }
        ids = ids.clone();
    }

    @Override
    public long[] ids() {
        return ids.clone();
    }

    /** The ids without padding. */
    public long[] real() {
        return Arrays.copyOf(ids, length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tokens tokens && length == tokens.length && Arrays.equals(ids, tokens.ids);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + length;
    }

    @Override
    public String toString() {
        return "Tokens" + Arrays.toString(real()) + " of " + ids.length;
    }
}
