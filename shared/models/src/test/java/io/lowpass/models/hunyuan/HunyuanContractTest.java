package io.lowpass.models.hunyuan;

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
import java.util.Optional;

class HunyuanContractTest extends VideoTransformerContract {

    @Override
    protected VideoTransformer transformer(NDManager manager) {
        return HunyuanTransformer.load(
                ReferenceTensors.golden("models/hunyuan-transformer"), Precision.F32, Device.cpu());
    }

    @Override
    protected PromptEmbedding prompt(NDManager manager) {
        return new PromptEmbedding(
                Noise.normal(manager, 4, new Shape(1, 7, 20)),
                7,
                Optional.of(Noise.normal(manager, 5, new Shape(1, 12))));
    }

    @Override
    protected List<Shape> latentShapes() {
        return List.of(new Shape(1, 4, 3, 8, 6), new Shape(1, 4, 2, 2, 4));
    }
}
