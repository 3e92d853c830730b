package io.lowpass.video;

import java.nio.ByteBuffer;

/**
 * A piece of a fragmented MP4. The pieces of a stream, one after the other, are the file.
 *
 * @param kind what the piece holds
 * @param bytes whole ISO-BMFF boxes; from position to limit; belongs to the receiver
 */
public record Fragment(FragmentType kind, ByteBuffer bytes) {

    /** What a piece holds. */
    public enum FragmentType {
        /** {@code ftyp} and {@code moov}: what a player needs before any picture. */
        INIT,
        /** {@code moof} and {@code mdat}: pictures. */
        MEDIA,
        /** {@code mfra}: an index of the pictures, for seeking. */
        TRAILER
    }
}
