package io.lowpass.models.pipeline;

/** A transformer that reads weights while it works. */
interface Streamed {

    /** Bytes that each pass reads. */
    long bytesPerPass();
}
