package io.lowpass.local.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.quality.ReferenceCase;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A solver alone: fed with stored model outputs, it must visit the stored samples. */
final class SchedulerCheck implements Check {

    private static final Set<String> BUILT = Set.of(
            "FlowMatchEulerDiscreteScheduler",
            "UniPCMultistepScheduler",
            "DPMSolverMultistepScheduler",
            "CogVideoXDDIMScheduler");

    private final ObjectMapper json;

    SchedulerCheck(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        Map<String, Object> config =
                json.convertValue(reference.settings().path("scheduler"), new TypeReference<Map<String, Object>>() {});
        if (config == null || !BUILT.contains(String.valueOf(config.get("_class_name")))) {
            throw new Unsupported("scheduler " + (config == null ? "of this family" : config.get("_class_name")));
        }
        int steps = reference.settings().path("num_inference_steps").asInt();
        Map<String, NDArray> inputs = reference.inputs(memory);
        NDArray outputs = inputs.get("model_outputs");
        NDArray sample = inputs.get("sample");
        if (outputs == null || sample == null) {
            throw new IllegalArgumentException("the case stores no sample or no model_outputs");
        }
        try (Trajectory trajectory = Schedulers.of(config).plan(steps)) {
            NDList samples = new NDList();
            for (int i = 0; i < steps; i++) {
                sample = trajectory.advance(i, sample, outputs.get(i));
                samples.add(sample);
            }
            comparison.offer("samples", ai.djl.ndarray.NDArrays.stack(samples));
            comparison.offer(
                    "timesteps",
                    memory.create(IntStream.range(0, steps)
                            .mapToDouble(trajectory::timestep)
                            .toArray()));
            comparison.offer(
                    "sigmas",
                    memory.create(IntStream.rangeClosed(0, steps)
                            .mapToDouble(trajectory::sigma)
                            .toArray()));
        }
    }
}
