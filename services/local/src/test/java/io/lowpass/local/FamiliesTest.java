package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Accepted;
import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.JobRequested;
import io.lowpass.contracts.StepCounts;
import io.lowpass.contracts.Video;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.embedded.EmbeddedS3;
import io.lowpass.generation.JobPlanner;
import io.lowpass.generation.VideoPipeline;
import io.lowpass.generation.VideoPlan;
import io.lowpass.models.vae.Pixels;
import io.lowpass.sampler.SamplerService;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import io.lowpass.testing.models.ModelFolders;
import io.lowpass.video.Fragment;
import io.lowpass.video.H264;
import io.lowpass.video.Mp4StreamEncoder;
import io.lowpass.video.VideoFile;
import io.lowpass.video.VideoFormat;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One stack that knows a model of every family, more than fit into memory at once: a video of each, through Kafka. */
@QuarkusTest
@QuarkusTestResource(value = FamilyStack.class, restrictToAnnotatedClass = true)
class FamiliesTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    /** Pictures that differ by a level here and there, in dB: two ways of rounding, not two videos. */
    private static final double SAME = 45;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    @ConfigProperty(name = "lowpass.s3.endpoint")
    String s3;

    @ConfigProperty(name = FamilyStack.FOLDERS, defaultValue = "none")
    String folders;

    @Inject
    SamplerService sampler;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "hunyuan-pipeline, 64x48, 9, 24, 6, 7, euler, 64x48",
        "cogvideox-2b-pipeline, 64x48, 9, 8, 6, 3, ddim, 64x48",
        "cogvideox-5b-pipeline, 48x64, 17, 8, 6, 1, sde-dpm++, 48x64",
        "cogvideox-1.5, 64x48, 9, 16, 6, 1, ddim, 64x48",
        "opensora, 68x51, 24, 24, 7, 1, rflow, 64x48",
        "wan-pipeline, 64x48, 5, 16, 5, 3, unipc, 64x48",
        "wan-i2v-pipeline, 64x48, 9, 16, 5, 3, unipc, 64x48",
        "wan22-pipeline, 64x48, 9, 16, 4, 3, unipc, 64x48"
    })
    void everyFamilyMakesItsVideo(
            String model,
            String size,
            int frames,
            int fps,
            double guidance,
            double shift,
            String scheduler,
            String shown)
            throws Exception {
        // Given: no more than what tells the model and keeps the video small; two of four steps are computed
        Map<String, Object> request = request(model);
        request.put("size", size);
        request.put("numFrames", frames);
        request.put("cache", Map.of("policy", "fixed", "every", 2));
        if (scheduler.equals("sde-dpm++")) {
            request.put("scheduler", scheduler);
        }
        if (model.contains("i2v")) {
            request.put("image", image());
        }

        // When
        List<JobEvent> events = run(model, request);

        // Then: the rest is as the family's pipeline would have it
        Job job = only(events, Accepted.class).job();
        assertThat(job.fps()).isEqualTo(fps);
        assertThat(job.guidanceScale()).isEqualTo(guidance);
        assertThat(job.flowShift()).isEqualTo(shift);
        assertThat(job.scheduler()).isEqualTo(scheduler);
        Completed completed = only(events, Completed.class);
        // Of two experts, each begins anew.
        int computed = model.startsWith("wan22") ? 3 : 2;
        assertThat(completed.cache()).isEqualTo(new StepCounts(4, computed, 4 - computed, 0));
        assertThat(completed.output().width() + "x" + completed.output().height())
                .isEqualTo(shown);
        Path file = directory.resolve("video.mp4");
        Bucket.fetch(s3, EmbeddedS3.DEFAULT_KEY, completed.output(), file);
        VideoFile video = VideoFile.read(file);
        assertThat(video.width() + "x" + video.height()).isEqualTo(shown);
        assertThat(video.fps()).isEqualTo(fps);
        assertThat(video.frames()).hasSize(frames);
        List<byte[]> expected = throughCodec(
                withoutServices(job, Optional.ofNullable((String) request.get("image"))), completed.output());
        for (int i = 0; i < frames; i++) {
            assertThat(psnr(video.frames().get(i), expected.get(i)))
                    .as("frame %d of %s in dB", i, model)
                    .isGreaterThan(SAME);
        }
    }

    @Test
    void modelsThatDoNotFitTogetherTakeTurns() throws Exception {
        // Given
        List<String> names = List.of("opensora", "hunyuan-pipeline", "cogvideox-2b-pipeline", "wan22-pipeline");
        for (String model : names) {
            Map<String, Object> request = request(model);
            request.put("size", "64x48");
            request.put("numFrames", 17);

            // When
            List<JobEvent> events = run(model + "-in-turn", request);

            // Then: it is warm now, and not everything else is
            assertThat(only(events, Completed.class).output().frames()).isEqualTo(17);
            assertThat(sampler.models().warm()).contains(model).hasSizeBetween(1, 3);
        }
        assertThat(sampler.models().warm()).doesNotContain(FamilyStack.FIRST);
    }

    @Test
    void whatAFamilyCannotMakeIsRefusedByName() {
        // When
        Rejected cogvideox = rejected("cogvideox-2b-pipeline", "64x48", 5);
        Rejected hunyuan = rejected("hunyuan-pipeline", "70x48", 9);
        Rejected opensora = rejected("opensora", "64x48", 16);

        // Then
        assertThat(cogvideox.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.allowed()).contains("8n + 1"));
        assertThat(hunyuan.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("size"));
        assertThat(opensora.errors()).singleElement().satisfies(error -> {
            assertThat(error.field()).isEqualTo("numFrames");
            assertThat(error.allowed()).contains("1, or", "17");
        });
    }

    private Rejected rejected(String model, String size, int frames) {
        Map<String, Object> request = request(model);
        request.put("size", size);
        request.put("numFrames", frames);
        return only(run("refused-" + model, request), Rejected.class);
    }

    private static Map<String, Object> request(String model) {
        return new HashMap<>(Map.of("prompt", "a small red ball", "model", model, "steps", 4, "seed", 7));
    }

    private List<JobEvent> run(String jobId, Map<String, Object> request) {
        List<JobEvent> events = new ArrayList<>();
        try (JobEvents follower = new JobEvents(bootstrap, jobId, false);
                EventPublisher publisher = EventPublisher.to(bootstrap)) {
            publisher.send(new JobRequested(jobId, Instant.now(), request)).join();
            long end = System.nanoTime() + LONG.toNanos();
            while (System.nanoTime() < end && events.stream().noneMatch(JobEvent::isTerminal)) {
                events.addAll(follower.next());
            }
        }
        return events;
    }

    private static <E> E only(List<JobEvent> events, Class<E> type) {
        assertThat(events).as(events.toString()).anyMatch(type::isInstance);
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    /** Frames of the same job, made in this process: packed RGB. */
    private List<byte[]> withoutServices(Job job, Optional<String> image) throws IOException {
        new TorchThreads(1).prepare();
        Path folder = ModelFolders.find(Path.of(folders), job.model());
        VideoPlan plan = new JobPlanner(
                        io.lowpass.models.families.Families.open(folder), ModelCachePolicies.of(folder), Precision.F32)
                .plan(image.map(uri -> job.with("image", InlineImage.of(uri))).orElse(job), warning -> {});
        try (VideoPipeline pipeline = VideoPipeline.open(folder, Precision.F32);
                NDManager memory = NDManager.newBaseManager("PyTorch")) {
            NDArray frames =
                    pipeline.generate(memory, plan, ProgressListener.SILENT).frames();
            byte[] packed = Pixels.interleaved(memory, frames).toByteArray();
            int bytes = packed.length / job.numFrames();
            List<byte[]> pictures = new ArrayList<>();
            for (int i = 0; i < job.numFrames(); i++) {
                pictures.add(java.util.Arrays.copyOfRange(packed, i * bytes, (i + 1) * bytes));
            }
            return pictures;
        }
    }

    /** What the codec leaves of frames: of random models', which have no smooth part, much less than of pictures. */
    private List<byte[]> throughCodec(List<byte[]> frames, Video video) throws IOException {
        Path file = directory.resolve("expected.mp4");
        VideoFormat format = VideoFormat.of(video.width(), video.height(), video.fps(), new TreeMap<>());
        try (Mp4StreamEncoder encoder = new Mp4StreamEncoder(H264.best(), format);
                OutputStream out = Files.newOutputStream(file)) {
            write(out, encoder.start());
            frames.forEach(frame -> encoder.write(ByteBuffer.wrap(frame)));
            write(out, encoder.cut());
            write(out, encoder.finish());
        }
        return VideoFile.read(file).frames();
    }

    private static void write(OutputStream out, List<Fragment> fragments) throws IOException {
        for (Fragment fragment : fragments) {
            byte[] bytes = new byte[fragment.bytes().remaining()];
            fragment.bytes().duplicate().get(bytes);
            out.write(bytes);
        }
    }

    private static double psnr(byte[] one, byte[] other) {
        assertThat(one).hasSameSizeAs(other);
        double squares = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = (one[i] & 255) - (other[i] & 255);
            squares += difference * difference;
        }
        return 10 * Math.log10(255.0 * 255 * one.length / squares);
    }

    private static String image() throws IOException {
        BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 64; x++) {
                image.setRGB(x, y, new java.awt.Color(4 * x, 5 * y, 90).getRGB());
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }
}
