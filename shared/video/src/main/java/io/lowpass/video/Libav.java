package io.lowpass.video;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** Common helpers for libav calls: error texts, option dictionaries, fractions. */
final class Libav {

    private static final int ERROR_TEXT = 256;

    private Libav() {}

    static int check(String what, int returned) {
        if (returned >= 0) {
            return returned;
        }
        try (BytePointer text = new BytePointer(ERROR_TEXT)) {
            avutil.av_strerror(returned, text, ERROR_TEXT);
            throw new LibavException(what, returned, text.getString(StandardCharsets.UTF_8));
        }
    }

    /** The map as a dictionary in UTF-8, independent of the JVM's default encoding. */
    static AVDictionary dictionary(Map<String, String> entries) {
        AVDictionary dictionary = new AVDictionary(null);
        entries.forEach((key, value) -> {
            try (BytePointer name = new BytePointer(key, StandardCharsets.UTF_8);
                    BytePointer text = new BytePointer(value, StandardCharsets.UTF_8)) {
                check("dictionary entry " + key, avutil.av_dict_set(dictionary, name, text, 0));
            }
        });
        return dictionary;
    }

    /** Frees options after a call; options that it did not recognise are left in the dictionary and cause an error. */
    static void rejectLeftovers(String what, AVDictionary options) {
        AVDictionaryEntry left = avutil.av_dict_get(options, "", null, avutil.AV_DICT_IGNORE_SUFFIX);
        String unknown = left == null || left.isNull() ? "" : left.key().getString(StandardCharsets.UTF_8);
        avutil.av_dict_free(options);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(what + " does not know option '" + unknown + "'");
        }
    }

    static AVRational fraction(int numerator, int denominator) {
        return new AVRational().num(numerator).den(denominator);
    }
}
