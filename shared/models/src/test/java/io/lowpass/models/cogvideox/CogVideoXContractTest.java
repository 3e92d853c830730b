package io.lowpass.models.cogvideox;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import io.lowpass.testing.VideoTransformerContract;
import java.util.List;
import org.junit.jupiter.api.Nested;

class CogVideoXContractTest {

    @Nested
    class WithSinusoidalPositions extends Contract {

        WithSinusoidalPositions() {
            super("models/cogvideox-2b-transformer");
        }
    }

    @Nested
    class WithRotaryPositions extends Contract {

        WithRotaryPositions() {
            super("models/cogvideox-5b-transformer");
        }
    }

    abstract static class Contract extends VideoTransformerContract {

        private final String model;

        Contract(String model) {
            this.model = model;
        }

        @Override
        protected VideoTransformer transformer(NDManager manager) {
            return CogVideoXTransformer.load(ReferenceTensors.golden(model), Precision.F32, Device.cpu());
        }

        @Override
        protected PromptEmbedding prompt(NDManager manager) {
            return new PromptEmbedding(Noise.normal(manager, 4, new Shape(1, 10, 16)), 10);
        }

        @Override
        protected List<Shape> latentShapes() {
            return List.of(new Shape(1, 4, 3, 8, 12), new Shape(1, 4, 2, 2, 6));
        }
    }
}
