package io.lowpass.models.wan;

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

class WanContractTest extends VideoTransformerContract {

    @Override
    protected VideoTransformer transformer(NDManager manager) {
        return WanTransformer.load(ReferenceTensors.golden("models/wan-transformer"), Precision.F32, Device.cpu());
    }

    @Override
    protected PromptEmbedding prompt(NDManager manager) {
        return new PromptEmbedding(Noise.normal(manager, 4, new Shape(1, 7, 24)), 7);
    }

    @Override
    protected List<Shape> latentShapes() {
        return List.of(new Shape(1, 16, 4, 8, 12), new Shape(1, 16, 2, 2, 4));
    }
}
