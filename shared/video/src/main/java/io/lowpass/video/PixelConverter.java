package io.lowpass.video;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;

/**
 * Converts packed RGB to planar 4:2:0 with the BT.709 matrix and limited range, with the same bytes on every machine.
 */
final class PixelConverter implements AutoCloseable {

    private static final int EXACT = swscale.SWS_BICUBIC
            | swscale.SWS_ACCURATE_RND
            | swscale.SWS_FULL_CHR_H_INP
            | swscale.SWS_FULL_CHR_H_INT
            | swscale.SWS_BITEXACT;
    private static final int ONE = 1 << 16;

    private final VideoFormat format;
    private final SwsContext scaler;
    private final AVFrame rgb;
    private final AVFrame yuv;

    PixelConverter(VideoFormat format, AVCodecContext codec) {
        this.format = format;
        rgb = frame(avutil.AV_PIX_FMT_RGB24);
        yuv = frame(codec.pix_fmt());
        yuv.color_range(codec.color_range())
                .colorspace(codec.colorspace())
                .color_primaries(codec.color_primaries())
                .color_trc(codec.color_trc())
                .chroma_location(codec.chroma_sample_location());
        int width = format.width();
        int height = format.height();
        scaler = swscale.sws_getContext(
                width, height, rgb.format(), width, height, yuv.format(), EXACT, null, null, (DoublePointer) null);
        // Otherwise swscale converts with BT.601, whatever the tags are.
        IntPointer matrix = swscale.sws_getCoefficients(swscale.SWS_CS_ITU709);
        Libav.check("colour matrix", swscale.sws_setColorspaceDetails(scaler, matrix, 1, matrix, 0, 0, ONE, ONE));
    }

    /** Converts the next {@code frameBytes} of a buffer; the frame stays valid until the next call. */
    AVFrame convert(ByteBuffer frame) {
        if (frame.remaining() != format.frameBytes()) {
            throw new IllegalArgumentException("the frame has " + frame.remaining() + " bytes, " + format.width() + "x"
                    + format.height() + " in RGB has " + format.frameBytes());
        }
        byte[] bytes = new byte[format.frameBytes()];
        frame.duplicate().get(bytes);
        int row = format.width() * 3;
        BytePointer target = rgb.data(0);
        for (int y = 0; y < format.height(); y++) {
            target.position((long) y * rgb.linesize(0)).put(bytes, y * row, row);
        }
        // The encoder may still reference the planes of the previous frame.
        Libav.check("writable frame", avutil.av_frame_make_writable(yuv));
        Libav.check(
                "convert",
                swscale.sws_scale(scaler, rgb.data(), rgb.linesize(), 0, format.height(), yuv.data(), yuv.linesize()));
        return yuv;
    }

    private AVFrame frame(int pixelFormat) {
        AVFrame frame = avutil.av_frame_alloc();
        frame.format(pixelFormat).width(format.width()).height(format.height());
        Libav.check("frame buffer", avutil.av_frame_get_buffer(frame, 0));
        return frame;
    }

    @Override
    public void close() {
        swscale.sws_freeContext(scaler);
        avutil.av_frame_free(rgb);
        avutil.av_frame_free(yuv);
    }
}
