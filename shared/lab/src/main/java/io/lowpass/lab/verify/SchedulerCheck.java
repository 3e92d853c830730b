package io.lowpass.lab.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.lab.quality.ReferenceCase;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Verifies a solver alone: given the stored model outputs, it must produce the stored samples. A stochastic solver
 * draws noise from the case's seed: after the initial sample if that came from the seed, otherwise from the beginning.
 */
final class SchedulerCheck implements Check {

    private static final String COGVIDEOX_DPM = "CogVideoXDPMScheduler";
    private static final String SEED = "seed";

    /** What a pipeline hands to a scheduler with dynamic shifting. */
    private static final String MU = "mu";

    private static final Set<String> BUILT = Set.of(
            "FlowMatchEulerDiscreteScheduler",
            "UniPCMultistepScheduler",
            "DPMSolverMultistepScheduler",
            "CogVideoXDDIMScheduler",
            COGVIDEOX_DPM);

    private final ObjectMapper json;

    SchedulerCheck(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        JsonNode settings = reference.settings();
        Map<String, Object> config =
                json.convertValue(settings.path("scheduler"), new TypeReference<Map<String, Object>>() {});
        if (config == null || !BUILT.contains(String.valueOf(config.get("_class_name")))) {
            throw new Unsupported("scheduler " + (config == null ? "of this family" : config.get("_class_name")));
        }
        if (isStochastic(config) && !settings.has(SEED)) {
            throw new Unsupported(
                    "scheduler " + config.get("_class_name") + " without the seed of the noise that it adds");
        }
        if (settings.has(MU)) {
            config.put(MU, settings.get(MU).doubleValue());
        }
        int steps = settings.path("num_inference_steps").asInt();
        Map<String, NDArray> inputs = reference.inputs(memory);
        NDArray outputs = inputs.get("model_outputs");
        NDArray sample = inputs.get("sample");
        if (outputs == null || sample == null) {
            throw new IllegalArgumentException("the case stores no sample or no model_outputs");
        }
        try (NoiseSource noise = behind(sample, settings.path(SEED).asLong());
                Trajectory trajectory = Schedulers.of(config).drawingFrom(noise).plan(steps)) {
            NDList samples = new NDList();
            for (int i = 0; i < steps; i++) {
                sample = trajectory.advance(i, sample, outputs.get(i));
                samples.add(sample);
            }
            comparison.offer("samples", NDArrays.stack(samples));
            comparison.offer("timesteps", perStep(memory, IntStream.range(0, steps), trajectory::timestep));
            comparison.offer("sigmas", perStep(memory, IntStream.rangeClosed(0, steps), trajectory::sigma));
        }
    }

    private static boolean isStochastic(Map<String, Object> config) {
        return COGVIDEOX_DPM.equals(config.get("_class_name"))
                || Boolean.TRUE.equals(config.get("stochastic_sampling"))
                || String.valueOf(config.get("algorithm_type")).startsWith("sde-");
    }

    private static NDArray perStep(NDManager memory, IntStream steps, IntToDoubleFunction value) {
        return memory.create(steps.mapToDouble(value).toArray());
    }

    private static NoiseSource behind(NDArray sample, long seed) {
        NoiseSource noise = new NoiseSource(seed, NoiseSource.Layout.CHANNELS_FIRST);
        try (NDArray first = noise.draw(sample.getManager(), sample.getShape())) {
            if (first.allClose(sample)) {
                return noise;
            }
        }
        noise.close();
        return new NoiseSource(seed, NoiseSource.Layout.CHANNELS_FIRST);
    }
}
