package io.lowpass.contracts;

import io.lowpass.contracts.Reading.Unreadable;
import io.lowpass.fields.Texts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Records that no service may retry: key, value and headers as received, plus headers that describe the error. Of a
 * large record only the beginning is kept; the headers name the position, size and digest of the original.
 */
public final class DeadLetters {

    /** Header: machine-readable code of the error. */
    public static final String CODE = "lowpass_error_code";

    /** Header: the error message, or a JSON list of {@link FieldError}. */
    public static final String ERROR = "lowpass_error";

    /** Header: the service that gave up. */
    public static final String SERVICE = "lowpass_service";

    /** Header: attempts so far. */
    public static final String ATTEMPTS = "lowpass_attempts";

    /** Header: where the record came from, as {@code topic-partition@offset}. */
    public static final String ORIGIN = "lowpass_origin";

    /** Header: bytes of the whole value; -1 if the record had none. */
    public static final String VALUE_BYTES = "lowpass_value_bytes";

    /** Header: SHA-256 of the whole value in hexadecimal. */
    public static final String VALUE_SHA256 = "lowpass_value_sha256";

    /** Header: which of {@code key,value,headers} are truncated, or {@code nothing}. */
    public static final String CUT = "lowpass_cut";

    /** The largest value that is kept, in bytes. */
    public static final int MAX_VALUE = 64 << 10;

    /** The largest total size of the headers that are kept, in bytes. */
    public static final int MAX_HEADERS = 64 << 10;

    private static final Set<String> OWN =
            Set.of(CODE, ERROR, SERVICE, ATTEMPTS, ORIGIN, VALUE_BYTES, VALUE_SHA256, CUT);
    private static final int MAX_HEADER = 16 << 10;
    private static final int MAX_KEY = 1 << 10;
    private static final int MAX_ERROR = 16 << 10;

    private DeadLetters() {}

    /**
     * The record for {@link Topics#DEAD_LETTER}.
     *
     * @param service the service that gives up
     * @param attempts attempts so far
     */
    public static ProducerRecord<String, byte[]> record(
            ConsumerRecord<String, byte[]> origin, String service, int attempts, String code, String error) {
        List<String> cut = new ArrayList<>();
        String key = origin.key();
        if (key != null && key.length() > MAX_KEY) {
            key = Texts.limit(key, MAX_KEY);
            cut.add("key");
        }
        byte[] value = origin.value();
        if (value != null && value.length > MAX_VALUE) {
            value = Arrays.copyOf(value, MAX_VALUE);
            cut.add("value");
        }
        ProducerRecord<String, byte[]> letter = new ProducerRecord<>(Topics.DEAD_LETTER, key, value);
        if (!copyHeaders(origin, letter)) {
            cut.add("headers");
        }
        put(letter, SERVICE, service);
        put(letter, ATTEMPTS, Integer.toString(attempts));
        put(letter, CODE, code);
        put(letter, ERROR, Texts.limit(error, MAX_ERROR));
        put(letter, ORIGIN, origin.topic() + "-" + origin.partition() + "@" + origin.offset());
        put(letter, VALUE_BYTES, Integer.toString(origin.value() == null ? -1 : origin.value().length));
        put(letter, VALUE_SHA256, Sha256.hex(origin.value() == null ? new byte[0] : origin.value()));
        put(letter, CUT, cut.isEmpty() ? "nothing" : String.join(",", cut));
        return letter;
    }

    /** The record for {@link Topics#DEAD_LETTER} of an unreadable record. */
    public static ProducerRecord<String, byte[]> record(Unreadable<?> unreadable, String service, String code) {
        return record(unreadable.record(), service, 1, code, unreadable.message());
    }

    /** The record for {@link Topics#DEAD_LETTER} with only the key and position of the original. */
    public static ProducerRecord<String, byte[]> summary(
            ConsumerRecord<String, byte[]> origin, String service, String code, String error) {
        ProducerRecord<String, byte[]> whole = record(origin, service, 1, code, error);
        ProducerRecord<String, byte[]> letter = new ProducerRecord<>(Topics.DEAD_LETTER, whole.key(), new byte[0]);
        whole.headers().forEach(header -> {
            if (OWN.contains(header.key())) {
                letter.headers().remove(header.key()).add(header);
            }
        });
        letter.headers().remove(CUT);
        put(letter, CUT, "value,headers");
        return letter;
    }

    /** Copies the headers that are not too large; returns whether all were copied. */
    private static boolean copyHeaders(ConsumerRecord<String, byte[]> from, ProducerRecord<String, byte[]> to) {
        int left = MAX_HEADERS;
        boolean whole = true;
        for (Header header : from.headers()) {
            byte[] value = header.value();
            int length = header.key().length() + (value == null ? 0 : value.length);
            if (length > Math.min(left, MAX_HEADER)) {
                whole = false;
            } else {
                left -= length;
                to.headers().add(header.key(), value);
            }
        }
        return whole;
    }

    private static void put(ProducerRecord<String, byte[]> letter, String name, String text) {
        letter.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
