package io.lowpass.testing.models;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.cogvideox.CogVideoXConfig;
import io.lowpass.tensor.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A tiny model of every family, by the names that requests use: those with a reference, and those that are put together. */
public final class ModelFolders {

    private static final Path GOLDEN = Path.of(System.getProperty("lowpass.root"), "shared", "golden", "models");
    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelFolders() {}

    /** The folders; those that are put together lie below {@code directory}. */
    public static Map<String, Path> in(Path directory) throws IOException {
        Map<String, Path> folders = new TreeMap<>();
        for (String name : List.of(
                "hunyuan-pipeline",
                "cogvideox-2b-pipeline",
                "cogvideox-5b-pipeline",
                "wan-pipeline",
                "wan-i2v-pipeline",
                "wan22-pipeline")) {
            folders.put(name, GOLDEN.resolve(name));
        }
        folders.put("opensora", openSora(directory.resolve("opensora")));
        folders.put("cogvideox-1.5", cogVideoX15(directory.resolve("cogvideox-1.5")));
        return folders;
    }

    /** The folder of a model, of those that were put together in {@code directory} or have a reference. */
    public static Path find(Path directory, String name) {
        Path own = directory.resolve(name);
        return Files.exists(own) ? own : GOLDEN.resolve(name);
    }

    /** The layout in which Open-Sora is published: its parts side by side, nothing that names them. */
    public static Path openSora(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String component : List.of("transformer", "vae", "text_encoder")) {
            Files.createSymbolicLink(
                    folder.resolve(component), GOLDEN.resolve("opensora-" + component.replace('_', '-')));
        }
        return folder;
    }

    /** The 5B model with a transformer as version 1.5 has it, whose tokens span two latent frames. */
    private static Path cogVideoX15(Path folder) throws IOException {
        Path from = GOLDEN.resolve("cogvideox-5b-pipeline");
        Files.createDirectories(folder.resolve("transformer"));
        for (String part : List.of("model_index.json", "scheduler", "text_encoder", "tokenizer", "vae")) {
            Files.createSymbolicLink(folder.resolve(part), from.resolve(part));
        }
        ObjectNode config = (ObjectNode)
                JSON.readTree(from.resolve("transformer/config.json").toFile());
        config.put("patch_size_t", 2).put("patch_bias", false);
        config.put("sample_height", 300).put("sample_width", 300);
        Path target = folder.resolve("transformer/config.json");
        JSON.writeValue(target.toFile(), config);
        Architecture architecture =
                CogVideoXConfig.of(ComponentConfig.file(target)).architecture();
        writeRandom(
                folder.resolve("transformer/diffusion_pytorch_model.safetensors"),
                new TreeMap<>(architecture.parameters()));
        return folder;
    }

    /** Weights of norms around 1, others as small as keeps states about as large as they are. */
    private static void writeRandom(Path file, Map<String, Shape> parameters) throws IOException {
        Random random = new Random(15);
        Map<String, TensorFile.Tensor> tensors = new TreeMap<>();
        parameters.forEach((name, shape) -> {
            boolean norm = name.contains("norm") && name.endsWith("weight") && shape.dimension() == 1;
            double scale = shape.dimension() == 1 ? 0.1 : 1 / Math.sqrt((double) shape.get(1));
            float[] values = new float[(int) shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * scale + (norm ? 1 : 0));
            }
            tensors.put(name, new TensorFile.Tensor(shape.getShape(), values));
        });
        TensorFile.write(file, tensors);
    }
}
