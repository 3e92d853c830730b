package io.lowpass.video;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a byte stream of top-level ISO-BMFF boxes (ISO/IEC 14496-12 §4.2) into init segment, fragments and trailer. */
final class BoxSplitter {

    private static final int MOOV = 0x6d6f6f76;
    private static final int MDAT = 0x6d646174;
    private static final int HEADER = 8;

    private byte[] held = new byte[1 << 16];
    private int length;
    private int scanned;

    /** Appends bytes from the muxer; boxes may be cut anywhere. */
    void append(byte[] bytes) {
        if (bytes.length > held.length - length) {
            held = Arrays.copyOf(held, Math.max(held.length * 2, Math.addExact(length, bytes.length)));
        }
        System.arraycopy(bytes, 0, held, length, bytes.length);
        length += bytes.length;
    }

    /** The complete pieces so far, in order. */
    List<Fragment> take() {
        List<Fragment> pieces = new ArrayList<>();
        while (length - scanned >= HEADER) {
            int size = ByteBuffer.wrap(held).getInt(scanned);
            if (size < HEADER) {
                throw new IllegalStateException("box of size " + size + " at byte " + scanned
                        + ": the muxer could not seek back to fill it in, or it is larger than 2 GiB");
            }
            if (length - scanned < size) {
                break;
            }
            int type = ByteBuffer.wrap(held).getInt(scanned + 4);
            scanned += size;
            if (type == MOOV) {
                pieces.add(cut(Fragment.FragmentType.INIT));
            } else if (type == MDAT) {
                pieces.add(cut(Fragment.FragmentType.MEDIA));
            }
        }
        return pieces;
    }

    /** The remaining pieces at the end of the stream: what follows the last fragment is the trailer. */
    List<Fragment> finish() {
        List<Fragment> pieces = take();
        if (scanned != length) {
            throw new IllegalStateException("the stream ends inside a box, " + (length - scanned) + " bytes into it");
        }
        if (length > 0) {
            pieces.add(cut(Fragment.FragmentType.TRAILER));
        }
        return pieces;
    }

    private Fragment cut(Fragment.FragmentType kind) {
        Fragment piece = new Fragment(kind, ByteBuffer.wrap(Arrays.copyOf(held, scanned)));
        System.arraycopy(held, scanned, held, 0, length - scanned);
        length -= scanned;
        scanned = 0;
        return piece;
    }
}
