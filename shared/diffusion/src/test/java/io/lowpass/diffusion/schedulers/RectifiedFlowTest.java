package io.lowpass.diffusion.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.flow.RectifiedFlow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RectifiedFlowTest {

    private static final Path SHARED = Path.of(System.getProperty("lowpass.root"), "shared", "golden");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RectifiedFlow OFFICIAL = new RectifiedFlow(1000, false, true);

    @Nested
    class Transformed extends SchedulerContract {
        @Override
        Scheduler scheduler() {
            return steps -> OFFICIAL.plan(steps, new VideoSpec(480, 854, 51, 24, 7));
        }
    }

    @Nested
    class Untransformed extends SchedulerContract {
        @Override
        Scheduler scheduler() {
            return new RectifiedFlow(1000, true, false);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void guidedStepsAreThoseOfTheReference(int number) throws IOException {
        // Given
        Path folder = SHARED.resolve("opensora-scheduler-" + number);
        JsonNode settings = JSON.readTree(folder.resolve("case.json").toFile()).get("settings");
        int steps = settings.get("num_inference_steps").intValue();
        Guidance guidance = new Guidance(settings.get("guidance_scale").doubleValue());
        try (NDManager manager = NDManager.newBaseManager();
                InputStream file = Files.newInputStream(folder.resolve("tensors.safetensors"));
                Trajectory trajectory = scheduler(settings.get("scheduler")).plan(steps, spec(settings))) {
            NDList tensors = NDList.decode(manager, file);
            NDArray latents = tensors.get("in.sample");
            for (int i = 0; i < steps; i++) {
                // When
                NDList branches = tensors.get("in.model_outputs")
                        .get(i)
                        .split(2, 1)
                        .get(0)
                        .split(2, 0);
                NDArray guided = guidance.join(trajectory.step(i), branches.get(0), branches.get(1));
                latents = trajectory.advance(i, latents, guided.neg());
                // Then
                assertThat(difference(guided, tensors.get("out.guided").get(i))).isLessThan(1e-5f);
                assertThat(difference(latents, tensors.get("out.samples").get(i)))
                        .isLessThan(1e-5f);
                assertThat(trajectory.timestep(i))
                        .isCloseTo(tensors.get("out.timesteps").getDouble(i), within(1e-3));
            }
        }
    }

    @Test
    void timesFollowSizeAndFramesAsThoseOfTheReference() throws IOException {
        // Given
        Path folder = SHARED.resolve("opensora-scheduler-timesteps");
        JsonNode settings = JSON.readTree(folder.resolve("case.json").toFile()).get("settings");
        try (NDManager manager = NDManager.newBaseManager();
                InputStream file = Files.newInputStream(folder.resolve("tensors.safetensors"))) {
            NDList tensors = NDList.decode(manager, file);
            for (int i = 0; i < settings.get("cases").size(); i++) {
                JsonNode video = settings.get("cases").get(i);
                double[] expected = tensors.get("out.timesteps." + i).toDoubleArray();
                // When
                try (Trajectory trajectory = OFFICIAL.plan(expected.length, spec(video))) {
                    // Then
                    for (int step = 0; step < expected.length; step++) {
                        assertThat(trajectory.timestep(step)).isCloseTo(expected[step], within(1e-3));
                    }
                }
            }
        }
    }

    @Test
    void roundsTimesBeforeItMovesThem() {
        // When
        try (Trajectory plain = new RectifiedFlow(1000, true, false).plan(3);
                Trajectory moved = new RectifiedFlow(1000, true, true).plan(3, new VideoSpec(1024, 1024, 1, 24, 7))) {
            // Then
            assertThat(plain.timestep(1)).isEqualTo(667);
            assertThat(moved.timestep(1)).isCloseTo(1000 * 2 * 0.667 / 1.667, within(1e-9));
        }
    }

    @Test
    void refusesVideosForWhichTimesAreNotDefined() {
        // When, Then
        assertThatThrownBy(() -> OFFICIAL.plan(3, new VideoSpec(240, 426, 16, 24, 7)))
                .hasMessage("frames is 16, allowed is 1, or 17 and more");
        assertThatThrownBy(() -> OFFICIAL.plan(3)).hasMessageContaining("times depend on the video");
        assertThatThrownBy(() -> Schedulers.of(Map.of("_class_name", "RFLOW", "flow_shift", 3)))
                .hasMessageContaining("flow_shift is 3.0, allowed is 1 or absent");
    }

    private static Scheduler scheduler(JsonNode config) {
        Map<?, ?> fields = JSON.convertValue(config, Map.class);
        Map<String, Object> named = new LinkedHashMap<>();
        fields.forEach((key, value) -> named.put(String.valueOf(key), value));
        return Schedulers.of(named);
    }

    private static VideoSpec spec(JsonNode settings) {
        return new VideoSpec(
                settings.get("height").intValue(),
                settings.get("width").intValue(),
                settings.get("num_frames").intValue(),
                settings.get("fps").doubleValue(),
                settings.path("guidance_scale").doubleValue());
    }

    private static float difference(NDArray one, NDArray other) {
        return one.sub(other).abs().max().getFloat() / other.abs().max().getFloat();
    }
}
