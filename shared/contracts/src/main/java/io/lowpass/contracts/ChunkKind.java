package io.lowpass.contracts;

import java.util.Locale;

/** What a chunk carries. */
public enum ChunkKind {
    /** A latent frame, on {@link Topics#LATENTS}. */
    LATENTS,
    /** An MP4 file, on {@link Topics#MEDIA}. */
    MEDIA,
    /** Nothing: the stream ends here without being complete. Sent on the topic of that stream. */
    ABORT;

    /** Name of the kind in headers, in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
