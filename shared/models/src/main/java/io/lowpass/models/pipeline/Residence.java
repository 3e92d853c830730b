package io.lowpass.models.pipeline;

/** Where the weights of a model are while it works. */
public enum Residence {
    /** In memory, all of them, for as long as the model is open. */
    RESIDENT,
    /**
     * In their files: mapped, read ahead block by block and given up again by the kernel, so that a model runs that is
     * larger than memory. Text encoders are opened for each prompt and closed before the transformer needs the room.
     */
    STREAMED
}
