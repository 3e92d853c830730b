package io.lowpass.models.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.families.Families;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedModelTest {

    private static final VideoSpec CLIP = new VideoSpec(32, 32, 5, 16, 5);

    @ParameterizedTest
    @ValueSource(strings = {"wan-pipeline", "cogvideox-2b-pipeline", "hunyuan-pipeline", "wan22-pipeline"})
    void whatIsStreamedPredictsBitForBitWhatIsResidentPredicts(String folder) {
        // Given
        VideoModel model = Families.open(ReferenceTensors.golden("models/" + folder));
        // When
        float[] resident = latents(model, Residence.RESIDENT);
        float[] streamed = latents(model, Residence.STREAMED);
        // Then
        assertThat(streamed).isEqualTo(resident);
    }

    private static float[] latents(VideoModel model, Residence residence) {
        try (NDManager manager = NDManager.newBaseManager();
                TextToVideoPipeline pipeline =
                        TextToVideoPipeline.open(model, Device.cpu(), Precision.F32, residence, 0)) {
            PromptEmbedding prompt = pipeline.prompts().encode(manager, Branch.CONDITIONED, "a red ball");
            Shape shape = model.limits().latents(CLIP.height(), CLIP.width(), CLIP.frames());
            NDArray latents = new Sampler(
                            pipeline.transformer(), new FlowMatchEuler(3), Guidance.NONE, CachePolicy.NONE)
                    .sample(Noise.normal(manager, 1, shape), branch -> prompt, CLIP, 2, (report, now) -> {});
            return latents.toFloatArray();
        }
    }

    @Test
    void weightsThatWouldHaveToBeConvertedAreNotStreamed() {
        // Given: stored in bf16
        VideoModel model = Families.open(ReferenceTensors.demoModel());
        // When, Then
        assertThatThrownBy(() -> TextToVideoPipeline.open(model, Device.cpu(), Precision.F32, Residence.STREAMED, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dtype is f32, allowed is bf16")
                .hasMessageContaining("blocks.0.");
    }

    @Test
    void aStreamedExpertTakesOverFromTheOtherAndBack() {
        // Given
        VideoModel model = Families.open(ReferenceTensors.golden("models/wan22-pipeline"));
        try (NDManager manager = NDManager.newBaseManager();
                TextToVideoPipeline pipeline =
                        TextToVideoPipeline.open(model, Device.cpu(), Precision.F32, Residence.STREAMED, 0)) {
            Shape shape = model.limits().latents(CLIP.height(), CLIP.width(), CLIP.frames());
            PromptEmbedding prompt = pipeline.prompts().encode(manager, Branch.CONDITIONED, "a red ball");
            // When
            float[] first = prediction(pipeline.transformer().expert(0), manager, prompt, shape);
            float[] second = prediction(pipeline.transformer().expert(1), manager, prompt, shape);
            float[] again = prediction(pipeline.transformer().expert(0), manager, prompt, shape);
            // Then
            assertThat(pipeline.transformer().boundaries()).hasSize(1);
            assertThat(second).isNotEqualTo(first);
            assertThat(again).isEqualTo(first);
        }
    }

    private static float[] prediction(
            VideoTransformer expert, NDManager manager, PromptEmbedding prompt, Shape latents) {
        ForwardPass pass = expert.embed(Noise.normal(manager, 1, latents), 500, CLIP)
                .pass(expert.condition(manager, prompt, CLIP));
        Features features = pass.input();
        for (int i = 0; i < pass.depth(); i++) {
            features = pass.block(i, features, SubLayers.COMPUTE);
        }
        return pass.head(features).toFloatArray();
    }
}
