package io.lowpass.diffusion.schedulers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lowpass.diffusion.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What diffusers' scheduler makes of given predictions, a stochastic one with the noise of a seed. */
record SchedulerCase(
        String name,
        Map<String, Object> config,
        long seed,
        List<Float> sample,
        List<List<Float>> outputs,
        List<List<Float>> samples,
        List<Double> timesteps,
        List<Double> sigmas,
        List<Double> given) {

    private static final Path SHARED = Path.of(System.getProperty("lowpass.root"), "shared", "golden");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /** The deterministic schedulers among the shared cases, and those with rarer settings that lie beside this class. */
    static Stream<SchedulerCase> all() throws IOException {
        try (Stream<Path> folders = Files.list(SHARED)) {
            List<Path> flow = folders.filter(folder -> folder.getFileName()
                            .toString()
                            .matches("scheduler-(flow-euler|unipc|dpm|cogvideox-ddim)-\\d+"))
                    .sorted()
                    .toList();
            return Stream.of(
                            flow.stream().map(SchedulerCase::shared),
                            rarer("more-reference-cases.json"),
                            rarer("sigmas-reference-cases.json"))
                    .flatMap(cases -> cases);
        }
    }

    private static Stream<SchedulerCase> rarer(String file) throws IOException {
        try (InputStream resource = Objects.requireNonNull(SchedulerCase.class.getResourceAsStream(file))) {
            JsonNode cases = JSON.readTree(resource).get("cases");
            return IntStream.range(0, cases.size())
                    .mapToObj(i -> rarer(file.replace("-reference-cases.json", " ") + i, cases.get(i)));
        }
    }

    private static SchedulerCase rarer(String name, JsonNode json) {
        return new SchedulerCase(
                name,
                config(json.get("scheduler")),
                json.path("seed").asLong(),
                row(json.get("sample")),
                rows(json.get("outputs")),
                rows(json.get("samples")),
                numbers(json.get("timesteps")),
                numbers(json.get("sigmas")),
                numbers(json.path("given")));
    }

    private static SchedulerCase shared(Path folder) {
        try (NDManager manager = NDManager.newBaseManager();
                InputStream file = Files.newInputStream(folder.resolve("tensors.safetensors"))) {
            JsonNode json = JSON.readTree(folder.resolve("case.json").toFile());
            NDList tensors = NDList.decode(manager, file);
            return new SchedulerCase(
                    folder.getFileName().toString(),
                    config(json.get("settings").get("scheduler")),
                    0,
                    row(tensors.get("in.sample")),
                    rows(tensors.get("in.model_outputs")),
                    rows(tensors.get("out.samples")),
                    numbers(tensors.get("out.timesteps")),
                    tensors.contains("out.sigmas") ? numbers(tensors.get("out.sigmas")) : List.of(),
                    List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The scheduler, with the sigmas that are given. */
    Scheduler scheduler() {
        Scheduler scheduler = Schedulers.of(config);
        return given.isEmpty() ? scheduler : scheduler.withSigmas(given);
    }

    NDArray array(NDManager manager, List<Float> row) {
        float[] values = new float[row.size()];
        IntStream.range(0, values.length).forEach(i -> values[i] = row.get(i));
        return manager.create(values);
    }

    @Override
    public String toString() {
        return name + " " + config.get("_class_name") + " " + outputs.size() + " steps";
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> config(JsonNode json) {
        return JSON.convertValue(json, Map.class);
    }

    private static List<Float> row(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false)
                .map(JsonNode::floatValue)
                .toList();
    }

    private static List<List<Float>> rows(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false)
                .map(SchedulerCase::row)
                .toList();
    }

    private static List<Double> numbers(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false)
                .map(JsonNode::doubleValue)
                .toList();
    }

    private static List<Float> row(NDArray array) {
        float[] values = array.toFloatArray();
        return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
    }

    private static List<List<Float>> rows(NDArray array) {
        return IntStream.range(0, (int) array.getShape().get(0))
                .mapToObj(i -> row(array.get(i)))
                .toList();
    }

    private static List<Double> numbers(NDArray array) {
        return DoubleStream.of(array.toDoubleArray()).boxed().toList();
    }
}
