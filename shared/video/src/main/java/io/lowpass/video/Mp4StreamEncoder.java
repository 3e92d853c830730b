package io.lowpass.video;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Encodes RGB frames to pieces of one fragmented MP4: H.264, 8-bit 4:2:0, with BT.709 matrix and tags.
 *
 * <p>{@link #start} returns the INIT piece before any frame. After the frames of a latent frame, {@link #cut} ends a
 * fragment; {@link #finish} returns the rest. Equal frames and format give equal bytes.
 *
 * <p>Not thread-safe. Must be closed: most of its memory is native and invisible to the garbage collector.
 */
public final class Mp4StreamEncoder implements AutoCloseable {

    private static final Map<String, String> FRAGMENTED =
            Map.of("movflags", "frag_custom+empty_moov+default_base_moof+use_metadata_tags");

    private enum State {
        OPEN,
        STARTED,
        FINISHED,
        CLOSED
    }

    private final AVCodecContext codec;
    private final PixelConverter pixels;
    private final MuxerOutput output;
    private final AVFormatContext muxer;
    private final AVPacket packet;
    private final AVStream stream;
    private State state = State.OPEN;
    private long frames;

    /**
     * Opens codec and muxer.
     *
     * @throws IllegalStateException if this FFmpeg build lacks the encoder
     * @throws LibavException if the encoder rejects the format
     */
    public Mp4StreamEncoder(H264 encoder, VideoFormat format) {
        codec = encoder.open(format);
        pixels = new PixelConverter(format, codec);
        output = new MuxerOutput();
        muxer = new AVFormatContext(null);
        Libav.check("open muxer", avformat.avformat_alloc_output_context2(muxer, null, "mp4", null));
        muxer.pb(output.io());
        muxer.flags(muxer.flags() | AVFormatContext.AVFMT_FLAG_CUSTOM_IO | AVFormatContext.AVFMT_FLAG_BITEXACT);
        packet = avcodec.av_packet_alloc();
        stream = avformat.avformat_new_stream(muxer, null);
        try (AVRational rate = Libav.fraction(format.fps(), 1)) {
            stream.time_base(codec.time_base()).avg_frame_rate(rate).r_frame_rate(rate);
        }
        Libav.check("stream parameters", avcodec.avcodec_parameters_from_context(stream.codecpar(), codec));
        muxer.metadata(Libav.dictionary(format.metadata()));
    }

    /** Writes the header: the INIT piece. */
    public List<Fragment> start() {
        expect(State.OPEN);
        AVDictionary options = Libav.dictionary(FRAGMENTED);
        int written = avformat.avformat_write_header(muxer, options);
        Libav.rejectLeftovers("mp4", options);
        Libav.check("write header", written);
        state = State.STARTED;
        return output.take();
    }

    /**
     * Encodes one frame.
     *
     * @param rgb from position to limit: R, G, B of every pixel, rows from top to bottom, exactly
     *     {@link VideoFormat#frameBytes} bytes; its position stays
     * @throws IllegalArgumentException if it has another length
     */
    public void write(ByteBuffer rgb) {
        expect(State.STARTED);
        AVFrame frame = pixels.convert(rgb);
        frame.pts(frames++).duration(1);
        Libav.check("encode frame", avcodec.avcodec_send_frame(codec, frame));
        drain();
    }

    /** Ends the fragment and returns what the encoder has produced so far; empty during look-ahead. */
    public List<Fragment> cut() {
        expect(State.STARTED);
        Libav.check("end fragment", avformat.av_write_frame(muxer, null));
        return output.take();
    }

    /**
     * Ends the video: returns the remaining frames and the trailer.
     *
     * @throws IllegalStateException if no frame was written
     */
    public List<Fragment> finish() {
        expect(State.STARTED);
        if (frames == 0) {
            throw new IllegalStateException("no frame was written");
        }
        Libav.check("flush encoder", avcodec.avcodec_send_frame(codec, null));
        drain();
        Libav.check("write trailer", avformat.av_write_trailer(muxer));
        state = State.FINISHED;
        return output.finish();
    }

    /** Number of frames written. */
    public long frames() {
        return frames;
    }

    private void drain() {
        while (true) {
            int received = avcodec.avcodec_receive_packet(codec, packet);
            if (received == avutil.AVERROR_EAGAIN() || received == avutil.AVERROR_EOF()) {
                return;
            }
            Libav.check("receive packet", received);
            packet.stream_index(0);
            // Without it the last frame has no duration, and the video is one frame short.
            packet.duration(1);
            avcodec.av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
            int written = avformat.av_write_frame(muxer, packet);
            avcodec.av_packet_unref(packet);
            Libav.check("write packet", written);
        }
    }

    private void expect(State expected) {
        if (state != expected) {
            throw new IllegalStateException("the encoder is " + state + ", not " + expected);
        }
    }

    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        pixels.close();
        avcodec.av_packet_free(packet);
        avcodec.avcodec_free_context(codec);
        muxer.pb(null);
        avformat.avformat_free_context(muxer);
        output.close();
    }
}
