package io.lowpass.caching.settings.profiles;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.lowpass.tensor.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of a {@code cache-profiles.json}; {@code cache-profiles.schema.json} beside this class describes it.
 *
 * @param format {@link #FORMAT}
 * @param fingerprint of the model that they were measured on
 * @param profiles the profiles; if several fit a request equally, the first is used
 */
@JsonPropertyOrder({"format", "fingerprint", "profiles"})
public record CacheProfiles(
        @JsonProperty(value = "format", required = true) String format,

        @JsonProperty(value = "fingerprint", required = true)
        String fingerprint,

        @JsonProperty(value = "profiles", required = true) List<CacheProfile> profiles) {

    /** The current format version. */
    public static final String FORMAT = "lowpass-cache-profiles-1";

    /** The file's name beside a model's {@code model_index.json}. */
    public static final String FILE_NAME = "cache-profiles.json";

    /** The largest file in bytes; a profile has a few thousand. */
    private static final int LONGEST = 8_000_000;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT);

    public CacheProfiles {
        if (!format.equals(FORMAT)) {
            throw new IllegalArgumentException("format '" + format + "' is not " + FORMAT);
        }
        if (!fingerprint.matches("sha256:[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "fingerprint '" + fingerprint + "' is not sha256: and 64 hexadecimal digits");
        }
        profiles = List.copyOf(profiles);
    }

    /** Profiles of a model. */
    public CacheProfiles(String fingerprint, List<CacheProfile> profiles) {
        this(FORMAT, fingerprint, profiles);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is not what the schema describes, with the field
     */
    public static CacheProfiles read(Path file) {
        try {
            return JSON.readValue(ModelFile.text(file, LONGEST), CacheProfiles.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is no file of cache profiles: " + e.getOriginalMessage(), e);
        }
    }

    /** A copy with further profiles, which replace those for the same variant and conditions. */
    public CacheProfiles with(List<CacheProfile> more) {
        List<CacheProfile> kept = new ArrayList<>(profiles);
        kept.removeIf(old -> more.stream().anyMatch(old::isReplacedBy));
        kept.addAll(more);
        return new CacheProfiles(fingerprint, kept);
    }

    /** Writes a file. */
    public void write(Path file) {
        try {
            Files.writeString(file, JSON.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
