package io.lowpass.models.text;

import io.lowpass.models.ComponentConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * SentencePiece's table of characters and what stands for them: a trie as a double array (Aoe, 1989), and the texts that
 * its leaves point into. The native library follows the trie without looking where it leads, so all of it is followed
 * here once.
 */
final class CharacterTrie {

    private static final String FIELD = "precompiled_charsmap";
    private static final String ALLOWED = "a table of characters as SentencePiece writes it";
    private static final int HEAD = Integer.BYTES;
    private static final int BYTE = 0xFF;

    /** Bytes that stand for a character; the longest of Unicode's has 33. */
    private static final int LONGEST = 256;

    private final int[] units;
    private final byte[] texts;

    private CharacterTrie(int[] units, byte[] texts) {
        this.units = units;
        this.texts = texts;
    }

    /**
     * Checks the table of a normalizer.
     *
     * @throws IllegalArgumentException if it is no table, or leads out of itself
     */
    static void require(ComponentConfig normalizer) {
        String text = normalizer.text(FIELD).orElse("");
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw normalizer.refused(FIELD, ALLOWED + " in Base64");
        }
        if (!isTable(bytes)) {
            throw normalizer.refused(FIELD, ALLOWED);
        }
    }

    static boolean isTable(byte[] bytes) {
        if (bytes.length < 2 * HEAD) {
            return false;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int size = in.getInt();
        if (size < HEAD || size % HEAD != 0 || size > in.remaining()) {
            return false;
        }
        int[] units = new int[size / HEAD];
        in.asIntBuffer().get(units);
        byte[] texts = new byte[bytes.length - HEAD - size];
        in.position(HEAD + size).get(texts);
        return new CharacterTrie(units, texts).isClosed();
    }

    /** Whether every way from the root stays within the trie, and every leaf points to the beginning of a text. */
    private boolean isClosed() {
        BitSet seen = new BitSet(units.length);
        Deque<Integer> open = new ArrayDeque<>();
        open.add(offset(units[0]));
        while (!open.isEmpty()) {
            int node = open.remove();
            // Whatever byte comes next is looked up before it is compared.
            if ((node | BYTE) >= units.length) {
                return false;
            }
            for (int next = 1; next <= BYTE; next++) {
                int place = node ^ next;
                int unit = units[place];
                if (label(unit) == next && !seen.get(place)) {
                    seen.set(place);
                    int child = place ^ offset(unit);
                    if (child >= units.length || (hasLeaf(unit) && !isText(value(units[child])))) {
                        return false;
                    }
                    open.add(child);
                }
            }
        }
        return true;
    }

    private boolean isText(int index) {
        if (index > texts.length || (index < texts.length && isContinuation(texts[index]))) {
            return false;
        }
        int end = index;
        while (end < texts.length && texts[end] != 0) {
            end++;
        }
        return end - index <= LONGEST;
    }

    private static boolean isContinuation(byte unit) {
        return (unit & 0xC0) == 0x80;
    }

    private static boolean hasLeaf(int unit) {
        return (unit >>> 8 & 1) == 1;
    }

    private static int value(int unit) {
        return unit & Integer.MAX_VALUE;
    }

    private static int label(int unit) {
        return unit & (1 << 31 | BYTE);
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 1 << 9) >> 6);
    }
}
