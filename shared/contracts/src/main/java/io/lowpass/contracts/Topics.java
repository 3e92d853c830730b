package io.lowpass.contracts;

/** Names of the topics. The key of every record is the job id, except on {@link #WORKERS}. */
public final class Topics {

    /** Requests: {@link JobRequested}, with or without its headers. */
    public static final String REQUESTS = "lowpass.requests.v1";

    /** Resolved jobs ({@link Job}), read by the samplers' share group. */
    public static final String JOBS = "lowpass.jobs.v1";

    /** {@link JobEvent.CancelRequested}; read from the beginning by every service. */
    public static final String CONTROL = "lowpass.control.v1";

    /** {@link JobRun}: the newest run of each job. Compacted; for samplers only. */
    public static final String RUNS = "lowpass.runs.v1";

    /** {@link JobEvent.Started}, {@link JobEvent.Waiting}, {@link JobEvent.Progress}. */
    public static final String PROGRESS = "lowpass.progress.v1";

    /** Latent frames, as {@link Chunk}s. */
    public static final String LATENTS = "lowpass.latents.v1";

    /** Fragments of one MP4, as {@link Chunk}s. */
    public static final String MEDIA = "lowpass.media.v1";

    /** Accepted, rejected, completed, failed, cancelled. Compacted; the state of all jobs can be rebuilt from it. */
    public static final String STATE = "lowpass.state.v1";

    /** {@link WorkerState}; the key is the worker's name. Compacted. */
    public static final String WORKERS = "lowpass.workers.v1";

    /** Dead letters: records that no service may retry. */
    public static final String DEAD_LETTER = "lowpass.dead-letter.v1";

    /** The share group of the samplers on {@link #JOBS}. */
    public static final String SAMPLERS = "lowpass-samplers";

    private Topics() {}
}
