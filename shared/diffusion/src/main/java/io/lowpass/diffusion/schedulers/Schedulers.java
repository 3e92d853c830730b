package io.lowpass.diffusion.schedulers;

import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.schedulers.cogvideox.CogVideoXDdim;
import io.lowpass.diffusion.schedulers.cogvideox.CogVideoXDpm;
import io.lowpass.diffusion.schedulers.cogvideox.DiffusionSchedule;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.schedulers.flow.RectifiedFlow;
import io.lowpass.diffusion.schedulers.multistep.DpmSolverMultistep;
import io.lowpass.diffusion.schedulers.multistep.UniPC;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** Creates schedulers from requests and model folders. */
public final class Schedulers {

    /** The names in requests. */
    public static final List<String> NAMES = List.of("euler", "unipc", "dpm++", "ddim", "sde-dpm++", "rflow");

    private static final String FLOW_EULER = "FlowMatchEulerDiscreteScheduler";
    private static final String DDIM = "CogVideoXDDIMScheduler";
    private static final String SDE_DPM = "CogVideoXDPMScheduler";
    private static final String RFLOW = "RFLOW";

    /** Class names in scheduler configs, by name in requests. */
    private static final Map<String, String> CLASSES = Map.of(
            "euler",
            FLOW_EULER,
            "unipc",
            "UniPCMultistepScheduler",
            "dpm++",
            "DPMSolverMultistepScheduler",
            "ddim",
            DDIM,
            "sde-dpm++",
            SDE_DPM,
            "rflow",
            RFLOW);

    /** How a model was trained, which determines the schedulers that fit. */
    private enum TrainingKind {
        FLOW,
        DIFFUSION,
        /** A flow whose timesteps depend on the video. */
        VIDEO_FLOW,
        /** A diffusion with a solver that also supports flows. */
        TOLD_DIFFUSION;

        static TrainingKind of(String scheduler) {
            if (OF_DIFFUSION.containsKey(scheduler)) {
                return DIFFUSION;
            }
            return scheduler.equals("rflow") ? VIDEO_FLOW : FLOW;
        }

        static TrainingKind of(Map<String, ?> config) {
            String name = nameOf(config);
            boolean told = OF_EITHER.contains(name) && !Boolean.TRUE.equals(config.get("use_flow_sigmas"));
            return told ? TOLD_DIFFUSION : of(name);
        }
    }

    /** The solvers that support flows and, if a folder says so, diffusions. */
    private static final Set<String> OF_EITHER = Set.of("unipc", "dpm++");

    /** The solvers of CogVideoX's diffusion; all others are for flows. */
    private static final Map<String, String> OF_DIFFUSION = Map.of("ddim", DDIM, "sde-dpm++", SDE_DPM);

    private Schedulers() {}

    /**
     * The scheduler with a name in requests, with the settings of Wan's or CogVideoX's repositories.
     *
     * @param flowShift shift of the noise schedule; for a diffusion, the shift of its signal-to-noise ratio
     * @throws IllegalArgumentException if the name is unknown, or the scheduler does not support the shift
     */
    public static Scheduler named(String name, double flowShift) {
        return switch (name) {
            case "euler" -> new FlowMatchEuler(flowShift);
            case "unipc" -> new UniPC(flowShift);
            case "dpm++" -> new DpmSolverMultistep(flowShift);
            case "ddim" -> new CogVideoXDdim(DiffusionSchedule.published(flowShift));
            case "sde-dpm++" -> new CogVideoXDpm(DiffusionSchedule.published(flowShift));
            case "rflow" -> RectifiedFlow.published(flowShift);
            default -> throw unknownName(name);
        };
    }

    /**
     * The scheduler of a model folder's {@code scheduler_config.json}.
     *
     * @throws IllegalArgumentException naming every unsupported field, its value and what is allowed
     */
    public static Scheduler of(Map<String, ?> config) {
        Object type = config.get("_class_name");
        SchedulerConfig fields = new SchedulerConfig(config);
        return switch (String.valueOf(type)) {
            case FLOW_EULER -> FlowMatchEuler.of(fields);
            case "UniPCMultistepScheduler" -> UniPC.of(fields);
            case "DPMSolverMultistepScheduler" -> DpmSolverMultistep.of(fields);
            case RFLOW -> RectifiedFlow.of(fields);
            case DDIM -> new CogVideoXDdim(DiffusionSchedule.of(fields));
            case SDE_DPM -> new CogVideoXDpm(DiffusionSchedule.of(fields));
            default -> throw unknownClass(String.valueOf(type));
        };
    }

    /**
     * The scheduler of a request; settings that the request leaves open come from the model folder.
     *
     * @param name name of the scheduler in the request
     * @param flowShift shift in the request
     * @param config the folder's {@code scheduler_config.json}
     * @throws IllegalArgumentException as {@link #named} and {@link #of}, or if the scheduler is for flows and the
     *     model a diffusion, or vice versa
     */
    public static Scheduler resolve(Optional<String> name, OptionalDouble flowShift, Map<String, ?> config) {
        name.ifPresent(wanted -> requireKind(wanted, config));
        if (name.isPresent() && !isOfDiffusion(config) && !isOwn(name.get(), config)) {
            double shift = flowShift.orElseGet(() -> shiftOf(config));
            boolean even = Boolean.TRUE.equals(config.get(FlowMatchEuler.EVEN));
            return name.get().equals("unipc") ? new UniPC(shift, even) : named(name.get(), shift);
        }
        requireUseForShift(flowShift, config);
        Map<String, Object> shifted = new HashMap<>(config);
        name.map(OF_DIFFUSION::get).ifPresent(wanted -> shifted.put("_class_name", wanted));
        flowShift.ifPresent(shift -> shifted.put(shiftField(config), shift));
        return of(shifted);
    }

    /**
     * The name in requests of a folder's scheduler.
     *
     * @param config the folder's {@code scheduler_config.json}
     * @throws IllegalArgumentException as {@link #of}, if there is no such scheduler
     */
    public static String nameOf(Map<String, ?> config) {
        String type = String.valueOf(config.get("_class_name"));
        return NAMES.stream()
                .filter(name -> type.equals(CLASSES.get(name)))
                .findFirst()
                .orElseThrow(() -> unknownClass(type));
    }

    private static IllegalArgumentException unknownName(String name) {
        return new IllegalArgumentException("scheduler '" + name + "' is not one of " + String.join(", ", NAMES));
    }

    private static IllegalArgumentException unknownClass(String type) {
        return new IllegalArgumentException(
                "_class_name '" + type + "' is not one of " + String.join(", ", new TreeSet<>(CLASSES.values())));
    }

    /** Names of the schedulers that fit a folder's model: for flows, for diffusions, or for its own kind. */
    public static List<String> suiting(Map<String, ?> config) {
        TrainingKind kind = TrainingKind.of(config);
        if (kind == TrainingKind.TOLD_DIFFUSION) {
            return List.of(nameOf(config));
        }
        return NAMES.stream().filter(name -> TrainingKind.of(name) == kind).toList();
    }

    private static void requireKind(String name, Map<String, ?> config) {
        if (!NAMES.contains(name)) {
            throw unknownName(name);
        }
        if (!suiting(config).contains(name)) {
            throw new IllegalArgumentException("scheduler '" + name + "' does not suit this model, allowed is one of "
                    + String.join(", ", suiting(config)));
        }
    }

    private static void requireUseForShift(OptionalDouble flowShift, Map<String, ?> config) {
        if (TrainingKind.of(config) == TrainingKind.TOLD_DIFFUSION && flowShift.orElse(1) != shiftOf(config)) {
            throw new IllegalArgumentException("flowShift is " + flowShift.orElse(1) + ", allowed is " + shiftOf(config)
                    + " with this folder's scheduler: the levels of a diffusion are not shifted");
        }
    }

    private static boolean isOwn(String name, Map<String, ?> config) {
        return String.valueOf(config.get("_class_name")).equals(CLASSES.get(name));
    }

    private static boolean isOfDiffusion(Map<String, ?> config) {
        return OF_DIFFUSION.containsValue(String.valueOf(config.get("_class_name")));
    }

    /** The shift in a folder's config, whose field name depends on the scheduler. */
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
