package io.lowpass.trials.chaos;

import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.TopicSpec;
import io.lowpass.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Unexpected records: all kinds for all topics. */
final class UnexpectedRecords {

    /** Topics whose records require an answer, so that an unreadable one must become a dead letter. */
    private static final Set<String> ANSWERED =
            Set.of(Topics.REQUESTS, Topics.JOBS, Topics.LATENTS, Topics.MEDIA, Topics.CONTROL);

    /** Kinds that are valid on {@link Topics#CONTROL}: a cancel request needs only key and type. */
    private static final Set<String> CANCELS = Stream.of(
                    "null-value", "empty-value", "json-null", "nulls", "null-headers", "structured")
            .map(kind -> key(Topics.CONTROL, kind))
            .collect(Collectors.toUnmodifiableSet());

    private static final List<String> CHUNK_HEADERS =
            List.of("kind", "attempt", "index", "count", "part", "parts", "shape", "dtype", "crc32c", "attr-job");
    private static final int DEEP = 5000;
    private static final int ROOM_FOR_HEADERS = 2000;

    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

    private UnexpectedRecords() {}

    /** All kinds for all topics; keys are unique. */
    static List<ProducerRecord<byte[], byte[]>> all() {
        UnexpectedRecords all = new UnexpectedRecords();
        TopicSpec.ALL.forEach(all::of);
        return all.records;
    }

    /** Whether such a record on the topic must become a dead letter, or a rejection. */
    static boolean isAnswered(String topic, String key) {
        return ANSWERED.contains(topic) && !CANCELS.contains(key);
    }

    private void of(TopicSpec topic) {
        String type = Arrays.stream(EventType.values())
                .filter(known -> known.topic().equals(topic.name()))
                .reduce((first, last) -> last)
                .map(EventType::text)
                .orElse("io.lowpass.no.such.v1");
        values(topic, type);
        headers(topic, type);
    }

    private void values(TopicSpec topic, String type) {
        typed(add(topic, "null-value", null), type);
        add(topic, "null-value-no-type", null);
        typed(add(topic, "empty-value", ""), type);
        typed(add(topic, "json-null", "null"), type);
        typed(add(topic, "number", "7"), type);
        typed(add(topic, "list", "[1, null, {}]"), type);
        typed(add(topic, "half", "{\"jobId\": \"od"), type);
        typed(add(topic, "deep", "[".repeat(DEEP)), type);
        typed(
                add(topic, "wrong-types", "{\"jobId\": 5, \"at\": \"yesterday\", \"attempt\": \"x\", \"job\": []}"),
                type);
        typed(add(topic, "nulls", "{\"jobId\": null, \"at\": null, \"attempt\": null, \"stage\": null}"), type);
        typed(add(topic, "large", "{\"prompt\": \"" + "x".repeat(topic.maxMessageBytes() - ROOM_FOR_HEADERS)), type);
        byte[] bytes = new byte[256];
        for (int value = 0; value < bytes.length; value++) {
            bytes[value] = (byte) value;
        }
        typed(add(topic.name(), Optional.of(key(topic.name(), "bytes")), bytes), type);
    }

    private void headers(TopicSpec topic, String type) {
        typed(add(topic.name(), Optional.empty(), "{}".getBytes(StandardCharsets.UTF_8)), type);
        typed(add(topic.name(), Optional.of(""), "{}".getBytes(StandardCharsets.UTF_8)), type);
        add(topic, "no-type", "{}");
        add(topic, "null-type", "{}").add(Events.TYPE_HEADER, null);
        typed(add(topic, "unknown-type", "{}"), "io.lowpass.job.exploded.v9");
        Headers all = add(topic, "null-headers", "{}");
        List.of("ce_id", "ce_time", "ce_source", "ce_subject", "ce_specversion", "content-type")
                .forEach(header -> all.add(header, null));
        CHUNK_HEADERS.forEach(header -> all.add(header, null));
        typed(all, type);
        Headers odd = add(topic, "odd-headers", "{}");
        CHUNK_HEADERS.forEach(header -> odd.add(header, "-1".getBytes(StandardCharsets.UTF_8)));
        Headers structured = add(
                topic,
                "structured",
                "{\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/odd\", \"type\": \"" + type
                        + "\", \"data\": {\"colour\": 1}}");
        structured.add("content-type", "application/cloudevents+json".getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String topic, String kind) {
        return "odd-" + topic.replace("lowpass.", "").replace(".v1", "") + "-" + kind;
    }

    private Headers add(TopicSpec topic, String kind, @Nullable String value) {
        return add(
                topic.name(),
                Optional.of(key(topic.name(), kind)),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    private Headers add(String topic, Optional<String> key, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, key.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null), value);
        records.add(record);
        return record.headers();
    }

    private static void typed(Headers headers, String type) {
        headers.add(Events.TYPE_HEADER, type.getBytes(StandardCharsets.UTF_8));
    }
}
