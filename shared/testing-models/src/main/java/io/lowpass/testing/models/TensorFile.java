package io.lowpass.testing.models;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Writes tensors as safetensors. */
public final class TensorFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TensorFile() {}

    /** Numbers with their shape. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Tensor(long[] shape, float[] values) {}

    /** Writes f32 tensors by name. */
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        Map<String, Tensor> sorted = new TreeMap<>(tensors);
        ObjectNode header = JSON.createObjectNode();
        long end = 0;
        for (Map.Entry<String, Tensor> tensor : sorted.entrySet()) {
            ObjectNode described = header.putObject(tensor.getKey()).put("dtype", "F32");
            described.set("shape", JSON.valueToTree(tensor.getValue().shape()));
            long begin = end;
            end += (long) tensor.getValue().values().length * Float.BYTES;
            described.putArray("data_offsets").add(begin).add(end);
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + text.length + (int) end).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        for (Tensor tensor : sorted.values()) {
            for (float value : tensor.values()) {
                bytes.putFloat(value);
            }
        }
        Files.write(file, bytes.array());
    }
}
