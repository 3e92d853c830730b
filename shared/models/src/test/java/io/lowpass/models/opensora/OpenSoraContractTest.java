package io.lowpass.models.opensora;

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

class OpenSoraContractTest extends VideoTransformerContract {

    @Override
    protected VideoTransformer transformer(NDManager manager) {
        return OpenSoraTransformer.load(
                ReferenceTensors.golden("models/opensora-transformer"), Precision.F32, Device.cpu());
    }

    @Override
    protected PromptEmbedding prompt(NDManager manager) {
        return new PromptEmbedding(Noise.normal(manager, 4, new Shape(1, 7, 16)), 7);
    }

    @Override
    protected List<Shape> latentShapes() {
        return List.of(new Shape(1, 4, 5, 8, 12), new Shape(1, 4, 3, 2, 3), new Shape(1, 4, 1, 7, 5));
    }
}
