package io.lowpass.contracts;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The JSON of the contract: times in ISO 8601, absent values omitted, unknown fields ignored (a newer sender may add
 * some), missing fields rejected. Numbers that are not finite are never written.
 */
public final class EventJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModules(new Jdk8Module(), new JavaTimeModule(), finiteNumbers())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private EventJson() {}

    /** The shared mapper, safe for many threads. Copy it to change its settings. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * The value as JSON.
     *
     * @throws IllegalArgumentException if it contains a number that is not finite, or cannot be written as JSON
     */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("No JSON for " + value + ": " + e.getOriginalMessage(), e);
        }
    }

    /** The value as JSON text; as {@link #bytes}. */
    public static String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /**
     * Parses JSON strictly, since any program may have written it.
     *
     * @throws IllegalArgumentException with the reason if it is invalid
     */
    public static <T> T read(String json, Class<T> type) {
        try {
            return ForeignJson.value(ForeignJson.tree(json), type);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Not a " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    private static SimpleModule finiteNumbers() {
        FiniteNumber serializer = new FiniteNumber();
        return new SimpleModule("finite numbers")
                .addSerializer(Double.class, serializer)
                .addSerializer(Double.TYPE, serializer);
    }

    private static final class FiniteNumber extends StdScalarSerializer<Double> {

        private static final long serialVersionUID = 1L;

        FiniteNumber() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (!Double.isFinite(value)) {
                throw JsonMappingException.from(json, value + " has no form in JSON");
            }
            json.writeNumber(value);
        }
    }
}
