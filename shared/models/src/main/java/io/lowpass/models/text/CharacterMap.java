package io.lowpass.models.text;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An encoding with one byte per character, as programs use it in practice: bytes that it leaves unassigned stand for the
 * control character of the same number, and the byte 1A for a character that was lost.
 */
final class CharacterMap {

    /** Western European, as HTML 5 understands Latin-1. */
    static final CharacterMap WINDOWS_1252 = lenient("windows-1252");

    /** The encodings whose lead and continuation bytes tell UTF-8 that was decoded with them. */
    static final List<CharacterMap> LATIN_LIKE = List.of(
            strict("ISO-8859-1"),
            WINDOWS_1252,
            lenient("windows-1251"),
            lenient("windows-1250"),
            lenient("windows-1253"),
            lenient("windows-1254"),
            lenient("windows-1257"));

    /** Others that text is taken for by mistake. */
    static final List<CharacterMap> OTHERS = List.of(strict("ISO-8859-2"), strict("x-MacRoman"), strict("IBM437"));

    private static final char LOST = '\ufffd';
    private static final int SUBSTITUTE = 0x1a;

    private final String name;
    private final boolean lenient;
    private final char[] characters;
    private final Map<Character, Byte> bytes = new HashMap<>();

    private CharacterMap(String name, boolean lenient, char[] characters) {
        this.name = name;
        this.lenient = lenient;
        this.characters = characters;
        for (int i = 0; i < characters.length; i++) {
            bytes.put(characters[i], (byte) i);
        }
    }

    private static CharacterMap strict(String name) {
        return new CharacterMap(name, false, table(name));
    }

    private static CharacterMap lenient(String name) {
        char[] table = table(name);
        for (int i = 0; i < table.length; i++) {
            if (table[i] == '\ufffd') {
                table[i] = (char) i;
            }
        }
        table[SUBSTITUTE] = LOST;
        return new CharacterMap(name, true, table);
    }

    private static char[] table(String name) {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return new String(all, Charset.forName(name)).toCharArray();
    }

    /** Whether a space in a run of this encoding's letters may once have been byte A0. */
    boolean spaceMayBeA0() {
        return !name.equals("x-MacRoman");
    }

    /** Whether unassigned bytes have characters. */
    boolean isLenient() {
        return lenient;
    }

    /** The character of a byte, 0 to 255. */
    char decode(int number) {
        return characters[number];
    }

    /** The bytes of a text as characters 0 to 255, if each of its characters has one. */
    Optional<String> encode(String text) {
        byte[] encoded = new byte[text.length()];
        for (int i = 0; i < encoded.length; i++) {
            Byte one = bytes.get(text.charAt(i));
            if (one == null) {
                return Optional.empty();
            }
            encoded[i] = one;
        }
        return Optional.of(new String(encoded, StandardCharsets.ISO_8859_1));
    }

    /** The characters of a range of bytes. */
    char[] characters(int first, int last) {
        return Arrays.copyOfRange(characters, first, last + 1);
    }
}
