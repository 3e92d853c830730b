package io.lowpass.models.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.families.Families;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.tensor.Precision;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextToVideoPipelineTest {

    private final List<String> closed = new ArrayList<>();

    /** A text encoder that is only closed. */
    private final class Unused implements PromptEncoder {

        @Override
        public PromptEmbedding encode(NDManager owner, Branch branch, String prompt) {
            throw new IllegalStateException("nothing is encoded");
        }

        @Override
        public void close() {
            closed.add("prompts");
        }
    }

    @Test
    void aTransformerThatDoesNotFitLeavesNoTextEncoderOpen() {
        // Given
        VideoModel model = Families.open(ReferenceTensors.golden("models/wan-pipeline"));
        InvocationHandler small = (proxy, method, arguments) -> switch (method.getName()) {
            case "openPrompts" -> new Unused();
            case "openTransformer" -> throw new EngineException("not enough memory");
            default -> method.invoke(model, arguments);
        };
        VideoModel tooLarge = (VideoModel)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {VideoModel.class}, small);
        // When
        // Then
        assertThatThrownBy(() -> TextToVideoPipeline.open(tooLarge, Device.cpu(), Precision.F32))
                .isInstanceOf(EngineException.class);
        assertThat(closed).containsExactly("prompts");
    }
}
