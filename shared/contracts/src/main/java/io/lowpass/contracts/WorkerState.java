package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.lowpass.fields.Texts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a sampler or an encoder is: told whenever that changes, and now and then while it does not. A worker that has told nothing for a
 * few minutes, and not that it stopped, was lost.
 *
 * @param worker its name, as in {@link JobEvent.Started}
 * @param jobId the job that a sampler works on
 * @param models every model that the worker has a folder of, by name; at most {@link #MAX_MODELS}
 * @param kind what it works at; events of before this was told are samplers'
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record WorkerState(
        String worker,
        Instant at,
        Activity activity,
        Optional<String> jobId,
        List<Model> models,
        Optional<WorkerKind> kind)
        implements Event {

    /** Most models that one event tells of: more would not fit its topic. Warm ones are told of first. */
    public static final int MAX_MODELS = 3_000;

    private static final int MAX_PROBLEM = 500;
    private static final int MAX_PROBLEMS = 200_000;

    public WorkerState {
        int count = Math.max(1, Math.min(models.size(), MAX_MODELS));
        Stream<Model> told = models.size() <= MAX_MODELS
                ? models.stream()
                : models.stream().sorted(Comparator.comparing(model -> !model.warm()));
        models = told.limit(MAX_MODELS)
                .map(model -> model.shortened(Math.min(MAX_PROBLEM, MAX_PROBLEMS / count)))
                .toList();
    }

    /** As samplers told it before there were kinds. */
    public WorkerState(String worker, Instant at, Activity activity, Optional<String> jobId, List<Model> models) {
        this(worker, at, activity, jobId, models, Optional.empty());
    }

    /** What a worker does. */
    public enum Activity {
        /** It does not take jobs yet. */
        STARTING,
        /** It waits for a job. */
        IDLE,
        /** It runs a job. */
        BUSY,
        /** It takes no more jobs. */
        STOPPED;

        /** Name of the activity in events, in lower case. */
        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A model of the worker's catalogue.
     *
     * @param name as requests say it
     * @param warm whether it is loaded; others are loaded when a job names them
     * @param streamed whether its weights stay in their files, so that every step reads them
     * @param problem why it cannot be used, if so; shortened where it is long
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Model(String name, boolean warm, boolean streamed, Optional<String> problem) {

        private Model shortened(int characters) {
            return new Model(name, warm, streamed, problem.map(text -> Texts.limit(text, characters)));
        }
    }

    @Override
    public String subject() {
        return worker;
    }

    /** The time in milliseconds: ascending, and the same when the event is sent again. */
    @Override
    public long sequence() {
        return at.toEpochMilli();
    }

    @Override
    public EventType type() {
        return EventType.WORKER_STATE;
    }
}
