package io.lowpass.trials.chaos;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One job of a schedule.
 *
 * @param name key of its record or, if it has none, its {@code idempotencyKey}
 * @param at milliseconds after the run's beginning at which it is sent
 * @param channel how it is sent
 * @param video which of the {@link Videos} it asks for
 * @param valid whether the request is right; a wrong one must be rejected
 * @param repeats when it is sent again, in milliseconds after it was acknowledged
 * @param clash whether another request follows under the same name
 * @param cancel whether it is cancelled
 */
record PlannedJob(
        String name,
        long at,
        Channel channel,
        Videos video,
        boolean valid,
        List<Long> repeats,
        boolean clash,
        Optional<Cancel> cancel) {

    PlannedJob {
        repeats = List.copyOf(repeats);
    }

    /** How a request is sent. */
    enum Channel {
        /** A record whose key names the job. */
        KEY,
        /** A record without a key. */
        RECORD,
        /** A POST. */
        HTTP
    }

    /**
     * That a job is cancelled.
     *
     * @param after milliseconds after the job was acknowledged
     * @param http whether over HTTP; if not, by a record
     */
    record Cancel(long after, boolean http) {}

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%.1f s: %s by %s, %s",
                at / 1000.0,
                name,
                channel.name().toLowerCase(Locale.ROOT),
                video.name().toLowerCase(Locale.ROOT)));
        text.append(valid ? "" : ", wrong");
        text.append(repeats.isEmpty() ? "" : ", again after " + repeats + " ms");
        text.append(clash ? ", then another under its name" : "");
        cancel.ifPresent(stop -> text.append(", cancelled ")
                .append(stop.http() ? "over HTTP" : "by a record")
                .append(" after ")
                .append(stop.after())
                .append(" ms"));
        return text.toString();
    }
}
