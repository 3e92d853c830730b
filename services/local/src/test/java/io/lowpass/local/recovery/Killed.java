package io.lowpass.local.recovery;

import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.Topics;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A service that is killed, and what tells that its work goes on. */
enum Killed {
    INGESTION("lowpass-ingestion", Topics.REQUESTS, Topics.STATE, EventType.ACCEPTED),
    SAMPLER(Topics.SAMPLERS, Topics.JOBS, Topics.PROGRESS, EventType.STARTED),
    ENCODER("lowpass-encoders", Topics.LATENTS, Topics.MEDIA, null),
    STORAGE("lowpass-storage", Topics.MEDIA, Topics.STATE, EventType.COMPLETED);

    private final String group;
    private final String input;
    private final String output;
    private final Optional<EventType> sign;

    Killed(String group, String input, String output, @org.jspecify.annotations.Nullable EventType sign) {
        this.group = group;
        this.input = input;
        this.output = output;
        this.sign = Optional.ofNullable(sign);
    }

    /** The service's group. */
    String group() {
        return group;
    }

    /** The topic that it reads in the group. */
    String input() {
        return input;
    }

    /** The topic that shows its work. */
    String output() {
        return output;
    }

    /** Whether the record shows that the service works on the job. */
    Predicate<ConsumerRecord<String, byte[]>> workOn(String jobId) {
        return record -> jobId.equals(record.key())
                && sign.map(type -> Events.header(record, Events.TYPE_HEADER)
                                .filter(type.text()::equals)
                                .isPresent())
                        .orElse(true);
    }

    /** Name of the service's module. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
