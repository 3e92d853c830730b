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
 * The state of a sampler or encoder: sent at every change, and periodically. A worker that has been silent for a few
 * minutes without having stopped is lost.
 *
 * @param worker name of the worker, as in {@link JobEvent.Started}
 * @param jobId the job that a sampler is running
 * @param models all models that the worker has a folder for, by name; at most {@link #MAX_MODELS}
 * @param kind kind of the worker; absent in old events, which are samplers'
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

    /** The most models in one event; more would not fit its topic. Loaded ones come first. */
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

    /** As older samplers sent it, without a kind. */
    public WorkerState(String worker, Instant at, Activity activity, Optional<String> jobId, List<Model> models) {
        this(worker, at, activity, jobId, models, Optional.empty());
    }

    /** What a worker does. */
    public enum Activity {
        /** It is starting. */
        STARTING,
        /** It is waiting for a job. */
        IDLE,
        /** It is running a job. */
        BUSY,
        /** It has stopped. */
        STOPPED;

        /** Name of the activity in events, in lower case. */
        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A model of the worker.
     *
     * @param name name in requests
     * @param warm whether it is loaded; others are loaded on demand
     * @param streamed whether its weights are streamed: read from their files at every step
     * @param problem why it cannot be used, shortened if long; empty if it can
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
