package io.lowpass.video;

import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * The supported H.264 encoders, configured so that equal frames give equal bytes.
 *
 * <p>Neither writes B-frames, because with them an init segment that is written first starts the video late. The thread
 * count is fixed because x264's output depends on it.
 */
public enum H264 {
    /** x264, in the GPL build of FFmpeg only. With a short look-ahead: the first fragment leaves after nine frames. */
    X264("libx264", 2),
    /** Cisco's OpenH264, in every build. Without look-ahead: a fragment leaves with its last frame. */
    OPENH264("libopenh264", 1);

    private static final int PROBE_SIDE = 64;

    static {
        // Every failure is an exception here; the codecs' log output would repeat it.
        avutil.av_log_set_level(avutil.AV_LOG_ERROR);
    }

    private final String libavName;
    private final int threads;

    H264(String libavName, int threads) {
        this.libavName = libavName;
        this.threads = threads;
    }

    /** Name of the encoder in libav. */
    public String libavName() {
        return libavName;
    }

    /**
     * The best encoder of this FFmpeg build. An encoder that is found by name may still be unusable, so each is opened
     * once.
     *
     * @throws IllegalStateException if none opens
     */
    public static H264 best() {
        for (H264 candidate : values()) {
            if (candidate.opens()) {
                return candidate;
            }
        }
        throw new IllegalStateException("this FFmpeg build opens none of the H.264 encoders libx264, libopenh264");
    }

    /** Whether this FFmpeg build has the encoder and can open it. */
    public boolean opens() {
        if (find().isEmpty()) {
            return false;
        }
        try {
            avcodec.avcodec_free_context(open(VideoFormat.of(PROBE_SIDE, PROBE_SIDE, 1, Map.of())));
            return true;
        } catch (LibavException e) {
            return false;
        }
    }

    /** An open encoder for 8-bit 4:2:0 in BT.709, to be freed by the caller. */
    AVCodecContext open(VideoFormat format) {
        AVCodec codec = find().orElseThrow(
                        () -> new IllegalStateException("this FFmpeg build has no encoder '" + libavName + "'"));
        AVCodecContext context = avcodec.avcodec_alloc_context3(codec);
        configure(context, format);
        AVDictionary dictionary = Libav.dictionary(options());
        int opened = avcodec.avcodec_open2(context, codec, dictionary);
        if (opened < 0) {
            avutil.av_dict_free(dictionary);
            avcodec.avcodec_free_context(context);
        }
        Libav.check("open " + libavName, opened);
        Libav.rejectLeftovers(libavName, dictionary);
        return context;
    }

    private void configure(AVCodecContext context, VideoFormat format) {
        context.width(format.width()).height(format.height()).pix_fmt(avutil.AV_PIX_FMT_YUV420P);
        context.gop_size(format.fps()).max_b_frames(0).thread_count(threads);
        try (AVRational tick = Libav.fraction(1, format.fps());
                AVRational rate = Libav.fraction(format.fps(), 1);
                AVRational square = Libav.fraction(1, 1)) {
            context.time_base(tick).framerate(rate).sample_aspect_ratio(square);
        }
        context.color_range(avutil.AVCOL_RANGE_MPEG)
                .colorspace(avutil.AVCOL_SPC_BT709)
                .color_primaries(avutil.AVCOL_PRI_BT709)
                .color_trc(avutil.AVCOL_TRC_BT709)
                .chroma_sample_location(avutil.AVCHROMA_LOC_LEFT);
        context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER | avcodec.AV_CODEC_FLAG_BITEXACT);
    }

    private Map<String, String> options() {
        return switch (this) {
            // Without cpu-independent the bytes depend on the SIMD level, and for some sizes even vary from run to run.
            case X264 ->
                Map.of(
                        "preset",
                        "veryfast",
                        "crf",
                        "18",
                        "x264-params",
                        "cpu-independent=1:rc-lookahead=4:sync-lookahead=0:bframes=0");
            // Its other rate control modes ignore qmin and qmax.
            case OPENH264 ->
                Map.of("rc_mode", "quality", "qmin", "18", "qmax", "18", "profile", "high", "coder", "cabac");
        };
    }

    private Optional<AVCodec> find() {
        return Optional.ofNullable(avcodec.avcodec_find_encoder_by_name(libavName))
                .filter(codec -> !codec.isNull());
    }
}
