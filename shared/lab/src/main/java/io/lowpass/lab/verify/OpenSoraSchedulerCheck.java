package io.lowpass.lab.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.lab.quality.ReferenceCase;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Open-Sora's schedule: its times depend on the video, and its cases hold what both branches predicted. */
final class OpenSoraSchedulerCheck {

    private static final int CHANNELS = 1;

    private final ObjectMapper json;

    OpenSoraSchedulerCheck(ObjectMapper json) {
        this.json = json;
    }

    /** Guides and follows raw predictions: the velocity from noise to data, then channels that are not used. */
    void samples(ReferenceCase reference, NDManager memory, Comparison comparison) {
        JsonNode settings = reference.settings();
        Map<String, NDArray> inputs = reference.inputs(memory);
        NDArray outputs = Objects.requireNonNull(inputs.get("model_outputs"));
        NDArray sample = Objects.requireNonNull(inputs.get("sample"));
        Guidance guidance = new Guidance(settings.path("guidance_scale").asDouble());
        NDList guided = new NDList();
        NDList samples = new NDList();
        try (Trajectory trajectory = plan(settings, settings)) {
            for (int i = 0; i < trajectory.steps(); i++) {
                NDArray velocities = outputs.get(i).split(2, CHANNELS).get(0);
                NDList branches = velocities.split(2, 0);
                NDArray joined = guidance.join(trajectory.step(i), branches.get(0), branches.get(1));
                sample = trajectory.advance(i, sample, joined.neg());
                guided.add(joined);
                samples.add(sample);
            }
            comparison.offer("timesteps", times(memory, trajectory));
        }
        comparison.offer("guided", NDArrays.stack(guided));
        comparison.offer("samples", NDArrays.stack(samples));
    }

    /** The times of several videos. */
    void timesteps(ReferenceCase reference, NDManager memory, Comparison comparison) {
        JsonNode videos = reference.settings().path("cases");
        for (int i = 0; i < videos.size(); i++) {
            try (Trajectory trajectory = plan(reference.settings(), videos.get(i))) {
                comparison.offer("timesteps." + i, times(memory, trajectory));
            }
        }
    }

    private Trajectory plan(JsonNode settings, JsonNode video) {
        Scheduler scheduler = Schedulers.of(
                json.convertValue(settings.path("scheduler"), new TypeReference<Map<String, Object>>() {}));
        VideoSpec spec = new VideoSpec(
                video.path("height").asInt(),
                video.path("width").asInt(),
                video.path("num_frames").asInt(),
                video.path("fps").asDouble(),
                settings.path("guidance_scale").asDouble());
        return scheduler.plan(video.path("num_inference_steps").asInt(), spec);
    }

    private static NDArray times(NDManager memory, Trajectory trajectory) {
        return memory.create(IntStream.range(0, trajectory.steps())
                .mapToDouble(trajectory::timestep)
                .toArray());
    }
}
