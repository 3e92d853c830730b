package io.lowpass.models.text;

import java.util.stream.LongStream;

/** What token ids a text model takes. */
final class TokenIds {

    private TokenIds() {}

    /**
     * Refuses ids without positions and ids outside the vocabulary.
     *
     * @param vocabulary number of ids that there are
     * @throws IllegalArgumentException saying which
     */
    static void require(long[] ids, long[] positions, int vocabulary) {
        if (ids.length == 0 || ids.length != positions.length) {
            throw new IllegalArgumentException(
                    ids.length + " token ids at " + positions.length + " positions, allowed is one or more of each");
        }
        LongStream.of(ids).filter(id -> id < 0 || id >= vocabulary).findFirst().ifPresent(id -> {
            throw new IllegalArgumentException("token id " + id + ", allowed is 0 to " + (vocabulary - 1)
                    + ": tokenizer and text encoder do not belong together");
        });
    }
}
