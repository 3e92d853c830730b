package io.lowpass.diffusion.schedulers;

import io.lowpass.diffusion.Scheduler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Makes schedulers from what requests and model folders say. */
public final class Schedulers {

    /** The names that requests use. */
    public static final List<String> NAMES = List.of("euler", "unipc", "dpm++");

    private Schedulers() {}

    /**
     * The scheduler of a name in requests, with the settings of Wan's repositories.
     *
     * @param flowShift how far noise levels are moved towards 1
     * @throws IllegalArgumentException if there is no such name, with those that exist
     */
    public static Scheduler named(String name, double flowShift) {
        return switch (name) {
            case "euler" -> new FlowMatchEuler(flowShift);
            case "unipc" -> new UniPC(flowShift);
            case "dpm++" -> new DpmSolverMultistep(flowShift);
            default ->
                throw new IllegalArgumentException(
                        "scheduler '" + name + "' is not one of " + String.join(", ", NAMES));
        };
    }

    /**
     * The scheduler of a model folder's {@code scheduler_config.json}.
     *
     * @throws IllegalArgumentException naming every field that cannot be followed, its value and what is allowed
     */
    public static Scheduler of(Map<String, ?> config) {
        Object type = config.get("_class_name");
        SchedulerConfig fields = new SchedulerConfig(config);
        return switch (String.valueOf(type)) {
            case "FlowMatchEulerDiscreteScheduler" -> FlowMatchEuler.of(fields);
            case "UniPCMultistepScheduler" -> UniPC.of(fields);
            case "DPMSolverMultistepScheduler" -> DpmSolverMultistep.of(fields);
            case "RFLOW" -> RectifiedFlow.of(fields);
            default ->
                throw new IllegalArgumentException("_class_name '" + type
                        + "' is not one of FlowMatchEulerDiscreteScheduler, UniPCMultistepScheduler,"
                        + " DPMSolverMultistepScheduler, RFLOW");
        };
    }

    /**
     * The scheduler of a request: what it leaves open is as the model folder says.
     *
     * @param name the scheduler that the request names
     * @param flowShift the shift that the request asks for
     * @param config the folder's {@code scheduler_config.json}
     * @throws IllegalArgumentException as {@link #named} and {@link #of}
     */
    public static Scheduler resolve(Optional<String> name, OptionalDouble flowShift, Map<String, ?> config) {
        if (name.isPresent()) {
            return named(name.get(), flowShift.orElseGet(() -> shiftOf(config)));
        }
        Map<String, Object> shifted = new HashMap<>(config);
        flowShift.ifPresent(shift -> shifted.put(shiftField(config), shift));
        return of(shifted);
    }

    /** The shift of a folder's config, which the schedulers call by different names. */
    public static double shiftOf(Map<String, ?> config) {
        SchedulerConfig fields = new SchedulerConfig(config);
        double shift = fields.number(shiftField(config), 1);
        fields.requireNoProblems();
        return shift;
    }

    private static String shiftField(Map<String, ?> config) {
        return "FlowMatchEulerDiscreteScheduler".equals(config.get("_class_name")) ? "shift" : "flow_shift";
    }
}
