package io.lowpass.video;

import java.nio.ByteBuffer;

/**
 * A piece of a fragmented MP4. The concatenated pieces of a stream are the file.
 *
 * @param kind type of the piece
 * @param bytes whole ISO-BMFF boxes, from position to limit; owned by the receiver
 */
public record Fragment(FragmentType kind, ByteBuffer bytes) {

    /** The type of a piece. */
    public enum FragmentType {
        /** {@code ftyp} and {@code moov}: what a player needs before the first frame. */
        INIT,
        /** {@code moof} and {@code mdat}: frames. */
        MEDIA,
        /** {@code mfra}: an index of the frames for seeking. */
        TRAILER
    }
}
