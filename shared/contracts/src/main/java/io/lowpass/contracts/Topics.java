package io.lowpass.contracts;

/** Names of the topics. The key of every record is the job id, but for {@link #WORKERS}. */
public final class Topics {

    /** What users send: {@link JobRequested}, with or without its headers. */
    public static final String REQUESTS = "lowpass.requests.v1";

    /** Resolved jobs ({@link Job}), read by the samplers' share group. */
    public static final String JOBS = "lowpass.jobs.v1";

    /** {@link JobEvent.CancelRequested}; every service reads all of it. */
    public static final String CONTROL = "lowpass.control.v1";

    /** {@link JobRun}: how the newest run of each job is. Compacted; for samplers alone. */
    public static final String RUNS = "lowpass.runs.v1";

    /** {@link JobEvent.Started}, {@link JobEvent.Waiting}, {@link JobEvent.Progress}. */
    public static final String PROGRESS = "lowpass.progress.v1";

    /** Latent frames, as {@link Chunk}s. */
    public static final String LATENTS = "lowpass.latents.v1";

    /** Fragments of one MP4, as {@link Chunk}s. */
    public static final String MEDIA = "lowpass.media.v1";

    /** Accepted, rejected, completed, failed, cancelled: compacted, rebuilds any view. */
    public static final String STATE = "lowpass.state.v1";

    /** {@link WorkerState}; the key is the worker's name. Compacted. */
    public static final String WORKERS = "lowpass.workers.v1";

    /** What no service may try again. */
    public static final String DEAD_LETTER = "lowpass.dead-letter.v1";

    /** The share group of the samplers on {@link #JOBS}. */
    public static final String SAMPLERS = "lowpass-samplers";

    private Topics() {}
}
