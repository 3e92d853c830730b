package io.lowpass.ingestion;

import io.lowpass.contracts.Topics;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * A position in the events of a job, which two topics contain: the offset of the next record in each partition. It is
 * the id of a server-sent event, so that a reconnecting client misses nothing and gets nothing twice.
 *
 * @param isEnd whether no event follows
 */
record EventPosition(Map<TopicPartition, Long> offsets, boolean isEnd) {

    private static final String END = "end";
    private static final int LONGEST = 1_000;
    private static final Pattern PLACE = Pattern.compile("([sp])([0-9]{1,6})\\.([0-9]{1,18})");

    /** Parses what {@link #toString} writes; empty if the text has another format. */
    static Optional<EventPosition> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        boolean isEnd = false;
        for (String part : text.split("-", -1)) {
            Matcher place = PLACE.matcher(part);
            if (place.matches() && !isEnd) {
                String topic = place.group(1).equals("s") ? Topics.STATE : Topics.PROGRESS;
                offsets.put(
                        new TopicPartition(topic, Integer.parseInt(place.group(2))), Long.parseLong(place.group(3)));
            } else if (part.equals(END) && !isEnd) {
                isEnd = true;
            } else {
                return Optional.empty();
            }
        }
        return offsets.isEmpty() ? Optional.empty() : Optional.of(new EventPosition(Map.copyOf(offsets), isEnd));
    }

    @Override
    public String toString() {
        String places = offsets.entrySet().stream()
                .map(place -> (place.getKey().topic().equals(Topics.STATE) ? "s" : "p")
                        + place.getKey().partition() + "." + place.getValue())
                .sorted(Comparator.reverseOrder())
                .collect(Collectors.joining("-"));
        return isEnd ? places + "-" + END : places;
    }
}
