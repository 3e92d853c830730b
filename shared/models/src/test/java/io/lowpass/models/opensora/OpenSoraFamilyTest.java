package io.lowpass.models.opensora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenSoraFamilyTest {

    private static final String PROMPT = "a small red ball";

    @TempDir
    private Path folder;

    @BeforeEach
    void putTheComponentsTogether() throws IOException {
        for (String component : List.of("transformer", "vae", "text_encoder")) {
            Path stored = ReferenceTensors.golden("models/opensora-" + component.replace('_', '-'));
            Files.createSymbolicLink(folder.resolve(component), stored);
        }
    }

    @Test
    void aFolderOfItsComponentsMakesAVideo() {
        // Given
        VideoModel model = Families.open(folder);
        VideoSpec spec = new VideoSpec(24, 32, 24, 24, 7);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                PromptEncoder prompts = model.openPrompts(Device.cpu(), Precision.F32);
                VideoTransformer transformer = model.openTransformer(Device.cpu(), Precision.F32);
                VideoVae vae = model.openVae(Device.cpu(), Precision.F32)) {
            Sampler sampler =
                    new Sampler(transformer, Schedulers.of(model.schedulerConfig()), new Guidance(7), CachePolicy.NONE);
            NDArray noise = Noise.normal(manager, 1, model.limits().latents(24, 32, 24));
            // When
            NDArray latents = sampler.sample(
                    noise, branch -> prompts.encode(manager, branch, PROMPT), spec, 3, (report, now) -> {});
            List<Long> frames = new ArrayList<>();
            try (VideoDecoding decoding = vae.decode(spec)) {
                for (long i = 0; i < latents.getShape().get(2); i++) {
                    decoding.next(manager, latents.get(new NDIndex(":, :, " + i + ":" + (i + 1))))
                            .ifPresent(some -> frames.add(some.getShape().get(0)));
                }
            }
            // Then
            assertThat(latents.getShape()).isEqualTo(new Shape(1, 4, 7, 3, 4));
            assertThat(latents.isNaN().any().getBoolean()).isFalse();
            assertThat(frames).containsExactly(17L, 7L);
        }
    }

    @Test
    void theOtherBranchGetsAsMuchOfTheLearnedCaptionAsThePromptIsLong() {
        // Given
        VideoModel model = Families.open(folder);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                PromptEncoder prompts = model.openPrompts(Device.cpu(), Precision.F32)) {
            for (String prompt : List.of("", "red", PROMPT)) {
                // When
                PromptEmbedding caption = prompts.encode(manager, Branch.CONDITIONED, prompt);
                PromptEmbedding other =
                        prompts.encode(manager, Branch.UNCONDITIONED, model.text(Branch.UNCONDITIONED, prompt, ""));
                // Then
                assertThat(other.states().getShape()).isEqualTo(caption.states().getShape());
                assertThat(other.length()).isEqualTo(caption.length());
                assertThat(other.states().toFloatArray())
                        .isNotEqualTo(caption.states().toFloatArray());
            }
        }
    }

    @Test
    void refusesWhatItHasNoUseFor() {
        // Given
        VideoModel model = Families.open(folder);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                PromptEncoder prompts = model.openPrompts(Device.cpu(), Precision.F32)) {
            // When, Then
            assertThatThrownBy(() -> model.text(Branch.UNCONDITIONED, PROMPT, "blurry"))
                    .hasMessageContaining("negativePrompt is 'blurry', allowed is none");
            assertThatThrownBy(() ->
                            prompts.encode(manager, Branch.CONDITIONED, "a boat {\"reference_path\": \"boat.png\"}"))
                    .hasMessageContaining("reference_path is given, allowed is none");
            assertThatThrownBy(() -> prompts.encode(manager, Branch.CONDITIONED, "a {curly} boat"))
                    .hasMessageContaining("what is in braces is not JSON");
            assertThatThrownBy(() -> prompts.encode(manager, Branch.CONDITIONED, "|0|one|two|three"))
                    .hasMessageContaining("'two' stands where the number of a clip is wanted");
        }
    }

    @Test
    void saysWhatItCanMakeAndWhatThatTakes() {
        // Given
        PipelineLimits limits = Families.open(folder).limits();
        // When, Then
        assertThat(limits.latents(240, 426, 51)).isEqualTo(new Shape(1, 4, 15, 30, 53));
        assertThat(limits.latents(480, 854, 192)).isEqualTo(new Shape(1, 4, 57, 60, 106));
        assertThat(limits.latents(720, 1280, 1)).isEqualTo(new Shape(1, 4, 1, 90, 160));
        assertThatThrownBy(() -> limits.requireVideo(240, 426, 16))
                .hasMessageContaining("numFrames is 16, allowed is 1, or 17 to 16384");
        assertThatThrownBy(() -> limits.requireVideo(240, 15, 17))
                .hasMessageContaining("width is 15, allowed is 16 to");
        assertThat(limits.denoising(480, 640, 51, 2, Precision.F32))
                .isGreaterThan(limits.denoising(240, 320, 51, 2, Precision.F32));
        assertThat(limits.decoding(480, 640, Precision.F32)).isGreaterThan(limits.decoding(240, 320, Precision.F32));
        assertThat(limits.samplerWeights(Precision.F32)).isEqualTo(2 * limits.samplerWeights(Precision.BF16));
        assertThat(limits.vaeWeights(Precision.F32)).isPositive();
    }
}
