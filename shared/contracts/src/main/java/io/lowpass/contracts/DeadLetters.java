package io.lowpass.contracts;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records that no service may try again: key, value and headers as they came, and headers that say what happened. */
public final class DeadLetters {

    /** Header: machine-readable code of the error. */
    public static final String CODE = "lowpass_error_code";

    /** Header: the error for people, or a JSON list of {@link JobEvent.FieldError}. */
    public static final String ERROR = "lowpass_error";

    /** Header: the service that gave up. */
    public static final String SERVICE = "lowpass_service";

    /** Header: attempts so far. */
    public static final String ATTEMPTS = "lowpass_attempts";

    /** Header: where the record came from, as {@code topic-partition@offset}. */
    public static final String ORIGIN = "lowpass_origin";

    private DeadLetters() {}

    /**
     * The record for {@link Topics#DEAD_LETTER}.
     *
     * @param service the service that gives up
     * @param attempts attempts so far
     */
    public static ProducerRecord<String, byte[]> record(
            ConsumerRecord<String, byte[]> origin, String service, int attempts, String code, String error) {
        ProducerRecord<String, byte[]> letter =
                new ProducerRecord<>(Topics.DEAD_LETTER, null, origin.key(), origin.value(), origin.headers());
        put(letter, SERVICE, service);
        put(letter, ATTEMPTS, Integer.toString(attempts));
        put(letter, CODE, code);
        put(letter, ERROR, error);
        put(letter, ORIGIN, origin.topic() + "-" + origin.partition() + "@" + origin.offset());
        return letter;
    }

    private static void put(ProducerRecord<String, byte[]> letter, String name, String text) {
        letter.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
