package io.lowpass.video;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** In-memory output of a muxer, cut into fragments. */
final class MuxerOutput implements AutoCloseable {

    /** Large enough for the whole header: the muxer seeks back in it, which works only within the buffer. */
    private static final int BUFFER = 1 << 20;

    private static final AtomicLong IDS = new AtomicLong();
    private static final Map<Long, MuxerOutput> OPEN = new ConcurrentHashMap<>();

    /**
     * One callback for all outputs, which are found by number: JavaCPP supports at most ten callbacks of a type, and
     * the next is silently a null function. It must not throw through the C frames, which would abort the JVM.
     */
    private static final Write_packet_Pointer_BytePointer_int WRITE = new Write_packet_Pointer_BytePointer_int() {
        @Override
        public int call(Pointer opaque, BytePointer data, int length) {
            MuxerOutput output = OPEN.get(new LongPointer(opaque).get());
            return output == null ? avutil.AVERROR_EIO() : output.append(data, length);
        }
    };

    private final long id = IDS.incrementAndGet();
    private final BoxSplitter splitter = new BoxSplitter();
    private final LongPointer opaque;
    private final AVIOContext io;

    MuxerOutput() {
        OPEN.put(id, this);
        opaque = new LongPointer(1).put(id);
        io = avformat.avio_alloc_context(
                new BytePointer(avutil.av_malloc(BUFFER)), BUFFER, 1, opaque, null, WRITE, null);
        io.seekable(0);
    }

    AVIOContext io() {
        return io;
    }

    /** The complete fragments so far. */
    List<Fragment> take() {
        avformat.avio_flush(io);
        return splitter.take();
    }

    /** The remaining fragments after the trailer was written. */
    List<Fragment> finish() {
        avformat.avio_flush(io);
        return splitter.finish();
    }

    private int append(BytePointer data, int length) {
        try {
            byte[] bytes = new byte[length];
            data.get(bytes);
            splitter.append(bytes);
            return length;
        } catch (OutOfMemoryError | ArithmeticException e) {
            return avutil.AVERROR_ENOMEM();
        }
    }

    @Override
    public void close() {
        // avio_context_free does not free the buffer, which the muxer may have replaced.
        avutil.av_free(io.buffer());
        avformat.avio_context_free(io);
        opaque.close();
        OPEN.remove(id);
    }
}
