package io.lowpass.encoder;

import io.lowpass.contracts.Job;
import io.lowpass.contracts.Size;
import io.lowpass.video.VideoFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The metadata of the file: how it was made. */
final class VideoTags {

    private VideoTags() {}

    /** The format of the job's video, with metadata to reproduce it. */
    static VideoFormat format(Job job, Size size) {
        Map<String, String> tags = new TreeMap<>();
        tags.put("job_id", job.jobId());
        tags.put("prompt", job.prompt());
        tags.put("negative_prompt", job.negativePrompt());
        tags.put("seed", Long.toString(job.seed()));
        tags.put("model", job.model());
        tags.put("steps", Integer.toString(job.steps()));
        tags.put("guidance_scale", number(job.guidanceScale()));
        tags.put("flow_shift", number(job.flowShift()));
        tags.put("scheduler", job.scheduler());
        tags.put(
                "cache",
                job.cache().policy()
                        + job.cache().preset().map(preset -> ":" + preset).orElse(""));
        // The muxer does not write empty values.
        tags.values().removeIf(String::isEmpty);
        return VideoFormat.of(size.width(), size.height(), job.fps(), tags);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%s", value);
    }
}
