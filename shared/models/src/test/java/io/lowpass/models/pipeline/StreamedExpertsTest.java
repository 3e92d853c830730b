package io.lowpass.models.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.families.Families;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.ReadAhead;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamedExpertsTest {

    private static final long ROOM_FOR_ALL = 1L << 40;

    /** Has only the first expert: the second does not fit into memory. */
    private static final class First extends ForwardingTransformer {

        private final VideoTransformer first;

        First(VideoTransformer first) {
            this.first = first;
        }

        @Override
        protected VideoTransformer target() {
            return first;
        }

        @Override
        public List<Double> boundaries() {
            return List.of(875.0);
        }

        @Override
        public VideoTransformer expert(int number) {
            if (number == 1) {
                throw new EngineException("not enough memory");
            }
            return first;
        }

        @Override
        public Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec) {
            return first.condition(memory, prompt, spec);
        }

        @Override
        public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
            return first.embed(latents, timestep, spec);
        }

        @Override
        public void close() {
            first.close();
        }
    }

    @Test
    void anExpertThatCouldNotBeOpenedIsNotTheOneThatIsRead() {
        // Given: all of the first expert's blocks are read in each pass, none of the second's
        VideoModel model = Families.open(ReferenceTensors.golden("models/wan22-pipeline"));
        List<StoredBlocks> stored = model.storedBlocks();
        ReadAhead first = files(stored.get(0), 0);
        ReadAhead second = files(stored.get(1), ROOM_FOR_ALL);
        VideoTransformer experts = new First(model.openTransformer(Device.cpu(), Precision.F32));
        try (StreamedExperts streamed = new StreamedExperts(experts, List.of(first, second))) {
            // When
            assertThatThrownBy(() -> streamed.expert(1)).isInstanceOf(EngineException.class);
            // Then
            assertThat(streamed.bytesPerPass()).isEqualTo(first.streamedBytes()).isPositive();
            assertThat(streamed.expert(0)).isInstanceOf(StreamedTransformer.class);
        }
    }

    private static ReadAhead files(StoredBlocks blocks, long room) {
        return ReadAhead.of(blocks.folder(), blocks.prefixes(), Precision.F32, room);
    }
}
