package io.lowpass.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.tensor.Safetensors;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs with an image, and jobs of a model with two experts, against diffusers' pipelines. */
class ImageJobsTest {

    private static final Path GOLDEN = Path.of(System.getProperty("lowpass.root"), "shared/golden");
    private static final String STAR = "a big yellow star spinning at sunset";

    private static JobPipeline generator(String model) {
        return JobPipeline.open(GOLDEN.resolve("models").resolve(model));
    }

    private static Job job(String negative, int steps, int seed, String cache) {
        return new Job(
                "job",
                STAR,
                negative,
                "m",
                new Size(64, 48),
                9,
                8,
                steps,
                4,
                3,
                "unipc",
                seed,
                new CacheSettings(cache, Optional.empty(), Map.of()),
                new Output("videos", "job.mp4"),
                Optional.empty(),
                Map.of(),
                Instant.EPOCH,
                Map.of());
    }

    private static Job withImage(Job job, InlineImage image) {
        return job.with("image", image);
    }

    private static InlineImage image(String reference) throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                Safetensors tensors = Safetensors.open(GOLDEN.resolve(reference).resolve("tensors.safetensors"))) {
            NDArray levels = tensors.get(manager, "in.image");
            int height = (int) levels.getShape().get(1);
            int width = (int) levels.getShape().get(2);
            byte[] planes = levels.toByteArray();
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < width * height; i++) {
                int rgb = 0;
                for (int channel = 0; channel < 3; channel++) {
                    rgb = rgb << 8 | Byte.toUnsignedInt(planes[channel * width * height + i]);
                }
                image.setRGB(i % width, i / width, rgb);
            }
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            return InlineImage.of("data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray()));
        }
    }

    private static void assertLatents(JobPipeline generator, Job job, String reference) {
        try (NDManager manager = NDManager.newBaseManager();
                Safetensors tensors = Safetensors.open(GOLDEN.resolve(reference).resolve("tensors.safetensors"));
                Latents latents = generator.generate(job, ProgressListener.SILENT)) {
            NDArray expected = tensors.get(manager, "out.latents");
            // From the test's own array, for what it makes belongs to the manager of the first operand.
            NDArray made = manager.create(latents.frames().toFloatArray(), expected.getShape());
            float error = made.sub(expected).abs().max().getFloat();
            assertThat(error).isLessThan(5e-4f * expected.abs().max().getFloat());
        }
    }

    @Test
    void aVideoStartsFromTheImageOfItsJob() throws IOException {
        // Given
        try (JobPipeline generator = generator("wan-i2v-pipeline")) {
            Job job = withImage(job("", 8, 13, "none"), image("generation-wan-i2v"));
            // When, Then
            assertLatents(generator, job, "generation-wan-i2v");
            int before = generator.latents().arrays();
            assertLatents(generator, job, "generation-wan-i2v");
            assertThat(generator.latents().arrays())
                    .as("nothing of a job is left")
                    .isEqualTo(before);
        }
    }

    @Test
    void aModelThatStartsFromAnImageNeedsOneAndNoOtherTakesAny() throws IOException {
        // Given
        InlineImage image = image("generation-wan-i2v");
        try (JobPipeline fromImage = generator("wan-i2v-pipeline");
                JobPipeline fromPrompt = generator("wan-pipeline")) {
            Job without = job("", 2, 1, "none");
            // When, Then
            assertThatThrownBy(() -> fromImage.generate(without, ProgressListener.SILENT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("image is missing");
            assertThatThrownBy(() -> fromPrompt.generate(withImage(without, image), ProgressListener.SILENT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("image is given, allowed is none");
        }
    }

    @Test
    void aCacheMayProbeAVideoThatStartsFromAnImage() throws IOException {
        // Given
        try (JobPipeline generator = generator("wan-i2v-pipeline")) {
            Job job = withImage(job("", 12, 13, "precise"), image("generation-wan-i2v"));
            // When
            try (Latents latents = generator.generate(job, ProgressListener.SILENT)) {
                // Then
                assertThat(latents.steps().steps()).isEqualTo(12);
                assertThat(latents.frames().isNaN().any().getBoolean()).isFalse();
            }
        }
    }

    @Test
    void twoExpertsTakeTurnsInEveryJob() {
        // Given
        try (JobPipeline generator = generator("wan22-pipeline")) {
            Job job = job("a ring", 10, 11, "none").with("guidanceScale2", 3.0);
            // When, Then: the second job finds the second expert open
            assertLatents(generator, job, "generation-wan22");
            int before = generator.latents().arrays();
            assertLatents(generator, job, "generation-wan22");
            assertThat(generator.latents().arrays())
                    .as("nothing of a job is left")
                    .isEqualTo(before);
        }
    }

    @Test
    void guidanceOfASecondExpertNeedsOne() {
        // Given
        try (JobPipeline generator = generator("wan-pipeline")) {
            Job job = job("", 2, 1, "none").with("guidanceScale2", 3.0);
            // When, Then
            assertThatThrownBy(() -> generator.generate(job, ProgressListener.SILENT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("guidanceScale2 is 3.0");
        }
    }

    /** The same levels in other forms: grey with alpha, 16-bit grey, CMYK; expected are the plain forms of them. */
    @ParameterizedTest
    @ValueSource(strings = {"la8.png", "gray16-gama.png", "rgba16-i.png", "cmyk-icc.jpeg", "ycc-icc.jpeg"})
    void picturesHaveTheLevelsThatTheirFilesStore(String name) throws IOException {
        // Given
        JsonNode form = new ObjectMapper()
                .readTree(Path.of(
                                System.getProperty("lowpass.root"),
                                "shared/contracts/src/test/resources/io/lowpass/contracts/image/forms.json")
                        .toFile())
                .path(name);
        InlineImage image = InlineImage.of("data:image/" + name.substring(name.indexOf('.') + 1) + ";base64,"
                + form.path("file").asText());
        // When
        GivenFrames given = JobImages.decode(image, Optional.of(image));
        // Then
        assertThat(given.first().width()).isEqualTo(form.path("width").asInt());
        assertThat(given.first().rgb())
                .isEqualTo(Base64.getDecoder().decode(form.path("rgb").asText()));
        assertThat(given.last().orElseThrow().rgb()).isEqualTo(given.first().rgb());
    }
}
