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
    public static final List<String> NAMES = List.of("euler", "unipc", "dpm++", "ddim", "sde-dpm++");

    private static final String FLOW_EULER = "FlowMatchEulerDiscreteScheduler";
    private static final String DDIM = "CogVideoXDDIMScheduler";
    private static final String SDE_DPM = "CogVideoXDPMScheduler";

    /** The solvers of the diffusion that CogVideoX was trained on; the others follow flows. */
    private static final Map<String, String> OF_DIFFUSION = Map.of("ddim", DDIM, "sde-dpm++", SDE_DPM);

    private Schedulers() {}

    /**
     * The scheduler of a name in requests, with the settings of Wan's repositories, or of CogVideoX's.
     *
     * @param flowShift how far noise levels are moved towards 1; for a diffusion, the shift of its signal-to-noise ratio
     * @throws IllegalArgumentException if there is no such name, with those that exist
     */
    public static Scheduler named(String name, double flowShift) {
        return switch (name) {
            case "euler" -> new FlowMatchEuler(flowShift);
            case "unipc" -> new UniPC(flowShift);
            case "dpm++" -> new DpmSolverMultistep(flowShift);
            case "ddim" -> new CogVideoXDdim(DiffusionSchedule.published(flowShift));
            case "sde-dpm++" -> new CogVideoXDpm(DiffusionSchedule.published(flowShift), Optional.empty());
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
            case FLOW_EULER -> FlowMatchEuler.of(fields);
            case "UniPCMultistepScheduler" -> UniPC.of(fields);
            case "DPMSolverMultistepScheduler" -> DpmSolverMultistep.of(fields);
            case "RFLOW" -> RectifiedFlow.of(fields);
            case DDIM -> new CogVideoXDdim(DiffusionSchedule.of(fields));
            case SDE_DPM -> new CogVideoXDpm(DiffusionSchedule.of(fields), Optional.empty());
            default ->
                throw new IllegalArgumentException("_class_name '" + type
                        + "' is not one of FlowMatchEulerDiscreteScheduler, UniPCMultistepScheduler,"
                        + " DPMSolverMultistepScheduler, RFLOW, " + DDIM + ", " + SDE_DPM);
        };
    }

    /**
     * The scheduler of a request: what it leaves open is as the model folder says.
     *
     * @param name the scheduler that the request names
     * @param flowShift the shift that the request asks for
     * @param config the folder's {@code scheduler_config.json}
     * @throws IllegalArgumentException as {@link #named} and {@link #of}, or if the scheduler follows a flow and the
     *     folder's model a diffusion, or the other way around
     */
    public static Scheduler resolve(Optional<String> name, OptionalDouble flowShift, Map<String, ?> config) {
        name.ifPresent(wanted -> requireKind(wanted, config));
        if (name.isPresent() && !isOfDiffusion(config) && !isOwn(name.get(), config)) {
            return named(name.get(), flowShift.orElseGet(() -> shiftOf(config)));
        }
        Map<String, Object> shifted = new HashMap<>(config);
        name.map(OF_DIFFUSION::get).ifPresent(wanted -> shifted.put("_class_name", wanted));
        flowShift.ifPresent(shift -> shifted.put(shiftField(config), shift));
        return of(shifted);
    }

    /** The names of those that suit a folder's model: solvers of flows or of diffusions. */
    public static List<String> suiting(Map<String, ?> config) {
        return NAMES.stream()
                .filter(name -> OF_DIFFUSION.containsKey(name) == isOfDiffusion(config))
                .toList();
    }

    private static void requireKind(String name, Map<String, ?> config) {
        if (OF_DIFFUSION.containsKey(name) != isOfDiffusion(config)) {
            throw new IllegalArgumentException("scheduler '" + name + "' does not suit this model, allowed is one of "
                    + String.join(", ", suiting(config)));
        }
    }

    private static boolean isOwn(String name, Map<String, ?> config) {
        return name.equals("euler") && FLOW_EULER.equals(config.get("_class_name"));
    }

    private static boolean isOfDiffusion(Map<String, ?> config) {
        return OF_DIFFUSION.containsValue(String.valueOf(config.get("_class_name")));
    }

    /** The shift of a folder's config, which the schedulers call by different names. */
    public static double shiftOf(Map<String, ?> config) {
        SchedulerConfig fields = new SchedulerConfig(config);
        double shift = fields.number(shiftField(config), isOfDiffusion(config) ? 3 : 1);
        fields.requireNoProblems();
        return shift;
    }

    private static String shiftField(Map<String, ?> config) {
        if (isOfDiffusion(config)) {
            return "snr_shift_scale";
        }
        return FLOW_EULER.equals(config.get("_class_name")) ? "shift" : "flow_shift";
    }
}
