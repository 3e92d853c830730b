package io.lowpass.models.wan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WanExpertsTest {

    private static final VideoSpec CLIP = new VideoSpec(32, 32, 9, 16, 5);

    private final List<Integer> opened = new ArrayList<>();

    /** The second expert does not fit the first time. */
    private WanTransformer open(int number) {
        opened.add(number);
        if (opened.equals(List.of(0, 1))) {
            throw new EngineException("not enough memory");
        }
        return WanTransformer.load(ReferenceTensors.golden("models/wan-transformer"), Precision.F32, Device.cpu());
    }

    private static float[] tokens(VideoTransformer expert, NDManager manager) {
        PromptEmbedding prompt = new PromptEmbedding(Noise.normal(manager, 2, new Shape(1, 10, 24)), 10);
        return expert.embed(Noise.normal(manager, 1, new Shape(1, 16, 3, 4, 4)), 500, CLIP)
                .pass(expert.condition(manager, prompt, CLIP))
                .input()
                .video()
                .toFloatArray();
    }

    @Test
    void anExpertThatCouldNotBeOpenedLeavesTheOtherToTheNextGeneration() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                WanExperts experts = new WanExperts(875, this::open)) {
            float[] before = tokens(experts.expert(0), manager);
            // When
            assertThatThrownBy(() -> experts.expert(1)).isInstanceOf(EngineException.class);
            float[] after = tokens(experts.expert(0), manager);
            // Then
            assertThat(after).isEqualTo(before);
            assertThat(opened).containsExactly(0, 1, 0);
            assertThat(tokens(experts.expert(1), manager)).isEqualTo(before);
        }
    }

    @Test
    void isDescribedAndClosedAlsoWhereNoExpertCouldBeOpened() {
        // Given
        try (WanExperts experts = new WanExperts(875, this::open)) {
            int depth = experts.depth();
            // When
            assertThatThrownBy(() -> experts.expert(1)).isInstanceOf(EngineException.class);
            // Then
            assertThat(experts.depth()).isEqualTo(depth);
        }
    }
}
