package io.lowpass.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.tensor.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;

/** A reference case of {@code shared/golden}, for tests. */
public final class ReferenceTensors implements AutoCloseable {

    private static final Path ROOT = Path.of(System.getProperty("lowpass.root"));

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final Path folder;
    private final Safetensors tensors;
    private final JsonNode description;

    public ReferenceTensors(String name) {
        this.folder = golden(name);
        this.tensors = Safetensors.open(folder.resolve("tensors.safetensors"));
        this.description = json(folder.resolve("case.json"));
    }

    /** A path below {@code shared/golden}. */
    public static Path golden(String path) {
        return ROOT.resolve("shared/golden").resolve(path);
    }

    /** The demo model's folder. */
    public static Path demoModel() {
        return ROOT.resolve("shared/demo-model");
    }

    public static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode parsed(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Settings of a folder below {@code shared/golden/models}, one of them changed to a JSON value. */
    public static ComponentConfig changed(String model, String field, String value) {
        ObjectNode json = json(golden("models/" + model + "/config.json")).deepCopy();
        json.set(field, parsed(value));
        return ComponentConfig.of("config.json", json);
    }

    public NDManager manager() {
        return manager;
    }

    public JsonNode settings() {
        return description.get("settings");
    }

    public Path model() {
        return folder.resolve(description.get("model").asText()).normalize();
    }

    public Set<String> names() {
        return tensors.names();
    }

    public NDArray tensor(String name) {
        return tensors.get(manager, name);
    }

    /** Compares with an expected tensor: max|ours - expected| / max|expected| within the tolerance of the case. */
    public void assertClose(String name, NDArray ours) {
        NDArray expected = tensor(name);
        assertThat(ours.getShape()).as(name).isEqualTo(expected.getShape());
        double error =
                ours.sub(expected).abs().max().getFloat() / expected.abs().max().getFloat();
        assertThat(error)
                .as(name)
                .isLessThanOrEqualTo(description.get("tolerance").asDouble());
    }

    @Override
    public void close() {
        tensors.close();
        manager.close();
    }
}
