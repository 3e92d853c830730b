package io.lowpass.local.video;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * A video file as libav reads it back.
 *
 * @param frames pictures as packed RGB, rows from top to bottom
 */
public record VideoFile(int width, int height, int fps, List<byte[]> frames) {

    public VideoFile {
        frames = List.copyOf(frames);
    }

    /**
     * Reads a file of one video stream.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static VideoFile read(Path file) {
        AVFormatContext input = avformat.avformat_alloc_context();
        require(file, avformat.avformat_open_input(input, file.toString(), null, null));
        require(file, avformat.avformat_find_stream_info(input, (PointerPointer<?>) null));
        AVStream stream = input.streams(0);
        AVCodecContext codec = avcodec.avcodec_alloc_context3(
                avcodec.avcodec_find_decoder(stream.codecpar().codec_id()));
        require(file, avcodec.avcodec_parameters_to_context(codec, stream.codecpar()));
        require(file, avcodec.avcodec_open2(codec, codec.codec(), (PointerPointer<?>) null));
        List<byte[]> frames = new ArrayList<>();
        AVPacket packet = avcodec.av_packet_alloc();
        AVFrame frame = avutil.av_frame_alloc();
        boolean more = true;
        while (more) {
            more = avformat.av_read_frame(input, packet) >= 0;
            avcodec.avcodec_send_packet(codec, more ? packet : null);
            avcodec.av_packet_unref(packet);
            while (avcodec.avcodec_receive_frame(codec, frame) >= 0) {
                frames.add(rgb(file, frame));
            }
        }
        VideoFile video = new VideoFile(
                codec.width(),
                codec.height(),
                stream.avg_frame_rate().num() / stream.avg_frame_rate().den(),
                frames);
        avcodec.av_packet_free(packet);
        avutil.av_frame_free(frame);
        avcodec.avcodec_free_context(codec);
        avformat.avformat_close_input(input);
        return video;
    }

    private static void require(Path file, int result) {
        if (result < 0) {
            throw new IllegalArgumentException(file + " is no video that libav can read (" + result + ")");
        }
    }

    private static byte[] rgb(Path file, AVFrame yuv) {
        int width = yuv.width();
        int height = yuv.height();
        AVFrame rgb = avutil.av_frame_alloc();
        rgb.format(avutil.AV_PIX_FMT_RGB24).width(width).height(height);
        require(file, avutil.av_frame_get_buffer(rgb, 0));
        int flags = swscale.SWS_BICUBIC | swscale.SWS_ACCURATE_RND | swscale.SWS_FULL_CHR_H_INT;
        SwsContext scaler = swscale.sws_getContext(
                width, height, yuv.format(), width, height, rgb.format(), flags, null, null, (DoublePointer) null);
        IntPointer matrix = swscale.sws_getCoefficients(yuv.colorspace());
        swscale.sws_setColorspaceDetails(scaler, matrix, 0, matrix, 1, 0, 1 << 16, 1 << 16);
        swscale.sws_scale(scaler, yuv.data(), yuv.linesize(), 0, height, rgb.data(), rgb.linesize());
        byte[] packed = new byte[width * height * 3];
        BytePointer rows = rgb.data(0);
        for (int y = 0; y < height; y++) {
            rows.position((long) y * rgb.linesize(0)).get(packed, y * width * 3, width * 3);
        }
        swscale.sws_freeContext(scaler);
        avutil.av_frame_free(rgb);
        return packed;
    }
}
