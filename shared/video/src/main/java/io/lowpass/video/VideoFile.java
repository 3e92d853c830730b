package io.lowpass.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
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
import org.jspecify.annotations.Nullable;

/**
 * A video file as libav reads it back.
 *
 * @param start seconds at which its first frame is shown
 * @param colours primaries, transfer, matrix and range as tagged
 * @param frames pictures as packed RGB, converted by the matrix that the file is tagged with
 */
public record VideoFile(
        String codec,
        int width,
        int height,
        int fps,
        double start,
        String colours,
        Map<String, String> metadata,
        List<byte[]> frames) {

    public VideoFile {
        metadata = Map.copyOf(metadata);
        frames = List.copyOf(frames);
    }

    /**
     * Reads a file of one video stream.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static VideoFile read(Path file) {
        AVFormatContext input = avformat.avformat_alloc_context();
        try {
            Libav.check("open", avformat.avformat_open_input(input, file.toString(), null, null));
            return read(input);
        } catch (LibavException error) {
            throw new IllegalArgumentException(file + " is no video that libav can read: " + error.getMessage(), error);
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @throws IllegalArgumentException if they are none of one video stream
     */
    public static VideoFile of(byte[] bytes) {
        try {
            Path file = Files.createTempFile("lowpass", ".mp4");
            try {
                Files.write(file, bytes);
                return read(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static VideoFile read(AVFormatContext input) {
        Libav.check("streams", avformat.avformat_find_stream_info(input, (PointerPointer<?>) null));
        AVStream stream = input.streams(0);
        AVCodecContext codec = avcodec.avcodec_alloc_context3(
                avcodec.avcodec_find_decoder(stream.codecpar().codec_id()));
        Libav.check("parameters", avcodec.avcodec_parameters_to_context(codec, stream.codecpar()));
        Libav.check("decoder", avcodec.avcodec_open2(codec, codec.codec(), (PointerPointer<?>) null));
        String colours = text(avutil.av_color_primaries_name(codec.color_primaries())) + "/"
                + text(avutil.av_color_transfer_name(codec.color_trc())) + "/"
                + text(avutil.av_color_space_name(codec.colorspace())) + "/"
                + text(avutil.av_color_range_name(codec.color_range()));
        List<byte[]> frames = decode(input, codec);
        VideoFile video = new VideoFile(
                text(avcodec.avcodec_get_name(stream.codecpar().codec_id())),
                stream.codecpar().width(),
                stream.codecpar().height(),
                stream.avg_frame_rate().num() / stream.avg_frame_rate().den(),
                input.start_time() / 1e6,
                colours,
                entries(input.metadata()),
                frames);
        avcodec.avcodec_free_context(codec);
        avformat.avformat_close_input(input);
        return video;
    }

    private static List<byte[]> decode(AVFormatContext input, AVCodecContext codec) {
        List<byte[]> frames = new ArrayList<>();
        AVPacket packet = avcodec.av_packet_alloc();
        AVFrame frame = avutil.av_frame_alloc();
        boolean more = true;
        while (more) {
            more = avformat.av_read_frame(input, packet) >= 0;
            Libav.check("send", avcodec.avcodec_send_packet(codec, more ? packet : null));
            avcodec.av_packet_unref(packet);
            while (avcodec.avcodec_receive_frame(codec, frame) >= 0) {
                frames.add(rgb(frame));
            }
        }
        avcodec.av_packet_free(packet);
        avutil.av_frame_free(frame);
        return frames;
    }

    private static byte[] rgb(AVFrame yuv) {
        int width = yuv.width();
        int height = yuv.height();
        AVFrame rgb = avutil.av_frame_alloc();
        rgb.format(avutil.AV_PIX_FMT_RGB24).width(width).height(height);
        Libav.check("frame", avutil.av_frame_get_buffer(rgb, 0));
        int flags = swscale.SWS_BICUBIC | swscale.SWS_ACCURATE_RND | swscale.SWS_FULL_CHR_H_INT;
        SwsContext scaler = swscale.sws_getContext(
                width, height, yuv.format(), width, height, rgb.format(), flags, null, null, (DoublePointer) null);
        IntPointer matrix = swscale.sws_getCoefficients(yuv.colorspace());
        Libav.check("matrix", swscale.sws_setColorspaceDetails(scaler, matrix, 0, matrix, 1, 0, 1 << 16, 1 << 16));
        Libav.check(
                "convert",
                swscale.sws_scale(scaler, yuv.data(), yuv.linesize(), 0, height, rgb.data(), rgb.linesize()));
        byte[] packed = new byte[width * height * 3];
        BytePointer rows = rgb.data(0);
        for (int y = 0; y < height; y++) {
            rows.position((long) y * rgb.linesize(0)).get(packed, y * width * 3, width * 3);
        }
        swscale.sws_freeContext(scaler);
        avutil.av_frame_free(rgb);
        return packed;
    }

    private static Map<String, String> entries(AVDictionary dictionary) {
        Map<String, String> entries = new TreeMap<>();
        AVDictionaryEntry entry = next(dictionary, null);
        while (entry != null) {
            entries.put(text(entry.key()), text(entry.value()));
            entry = next(dictionary, entry);
        }
        return entries;
    }

    private static @Nullable AVDictionaryEntry next(AVDictionary dictionary, @Nullable AVDictionaryEntry last) {
        return avutil.av_dict_get(dictionary, "", last, avutil.AV_DICT_IGNORE_SUFFIX);
    }

    private static String text(BytePointer text) {
        return text.getString(StandardCharsets.UTF_8);
    }
}
