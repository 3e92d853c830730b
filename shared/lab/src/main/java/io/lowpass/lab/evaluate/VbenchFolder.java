package io.lowpass.lab.evaluate;

import ai.djl.ndarray.NDArray;
import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import io.lowpass.video.Fragment;
import io.lowpass.video.H264;
import io.lowpass.video.Mp4StreamEncoder;
import io.lowpass.video.VideoFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * Writes videos in the layout of VBench's evaluation of standard prompts: a folder per policy with files {@code
 * PROMPT-INDEX.mp4}, named by the prompt and the number of its sample from 0. VBench itself is not part of this
 * program, and none of its scores are computed here.
 */
final class VbenchFolder {

    private static final int LONGEST_NAME = 240;

    private final Path folder;
    private final EvaluationConditions conditions;
    private final H264 codec;

    /**
     * The folder.
     *
     * @throws IllegalArgumentException if a prompt cannot be the name of a file
     */
    VbenchFolder(Path folder, EvaluationConditions conditions) {
        for (String prompt : conditions.prompts()) {
            if (prompt.indexOf('/') >= 0 || prompt.length() > LONGEST_NAME) {
                throw new IllegalArgumentException("--export-vbench needs prompts of at most " + LONGEST_NAME
                        + " characters without '/', which '" + prompt + "' is not");
            }
        }
        this.folder = folder;
        this.conditions = conditions;
        this.codec = H264.best();
    }

    private Path file(Pair pair, String policy) {
        int sample = conditions.seeds().indexOf(pair.seed());
        return folder.resolve(policy.replaceAll("[^A-Za-z0-9.=+@-]", "_")).resolve(pair.text() + "-" + sample + ".mp4");
    }

    boolean lacks(Pair pair, String policy) {
        return !Files.exists(file(pair, policy));
    }

    /**
     * Writes a video.
     *
     * @param frames uint8, shape (frames, 3, height, width)
     */
    void write(Pair pair, String policy, NDArray frames) throws IOException {
        Path file = file(pair, policy);
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling("part");
        byte[] interleaved = frames.transpose(0, 2, 3, 1).toByteArray();
        int count = (int) frames.getShape().get(0);
        int height = (int) frames.getShape().get(2);
        int width = (int) frames.getShape().get(3);
        int length = interleaved.length / count;
        VideoFormat format = VideoFormat.of(width, height, conditions.fps(), Map.of("comment", policy));
        try (OutputStream stream = Files.newOutputStream(part);
                WritableByteChannel out = Channels.newChannel(stream);
                Mp4StreamEncoder encoder = new Mp4StreamEncoder(codec, format)) {
            write(out, encoder.start());
            for (int i = 0; i < count; i++) {
                encoder.write(ByteBuffer.wrap(interleaved, i * length, length).slice());
            }
            write(out, encoder.cut());
            write(out, encoder.finish());
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(WritableByteChannel out, List<Fragment> fragments) throws IOException {
        for (Fragment fragment : fragments) {
            while (fragment.bytes().hasRemaining()) {
                out.write(fragment.bytes());
            }
        }
    }
}
