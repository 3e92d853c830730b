package io.lowpass.trials.chaos;

import io.lowpass.trials.processes.ServiceClient;
import io.lowpass.trials.processes.ServiceClient.Answer;
import io.lowpass.video.VideoFile;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/** The reference frames of each of the {@link Videos}, from an undisturbed run. */
final class References {

    private final Map<Videos, String> frames = new EnumMap<>(Videos.class);
    private final Map<String, String> framesByBytes = new HashMap<>();

    /** Generates every video without faults. */
    void make(ServiceClient ingestion, ServiceClient storage) throws InterruptedException {
        Map<Videos, String> ids = new EnumMap<>(Videos.class);
        for (Videos video : Videos.values()) {
            Answer answer = ingestion.post("/jobs", video.request().toString());
            if (answer.status() != 202) {
                throw new IllegalStateException(
                        "an undisturbed request was answered " + answer.status() + ": " + answer.text());
            }
            ids.put(video, answer.json().path("jobId").asText());
        }
        for (Videos video : ids.keySet()) {
            String path = "/videos/" + ids.get(video);
            Await.until(
                    "an undisturbed run made its video", () -> storage.get(path).status() == 200);
            keep(video, storage.get(path).body());
        }
    }

    /** Uses these bytes as the reference. */
    void keep(Videos video, byte[] bytes) {
        frames.put(video, digest(bytes));
    }

    /** Whether the bytes are an MP4 file with the reference frames. */
    boolean areSame(Videos video, byte[] bytes) {
        try {
            return digest(bytes).equals(Objects.requireNonNull(frames.get(video)));
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    private String digest(byte[] bytes) {
        return framesByBytes.computeIfAbsent(sha256(bytes), unused -> framesOf(bytes));
    }

    private static String framesOf(byte[] bytes) {
        MessageDigest digest = digest();
        VideoFile.of(bytes).frames().forEach(digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** SHA-256 of the bytes, as in events. */
    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
    }
}
