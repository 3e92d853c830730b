package io.lowpass.models.wan;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.ImageCondition;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import io.lowpass.testing.VideoTransformerContract;
import java.util.List;
import java.util.Optional;

class WanImageContractTest extends VideoTransformerContract {

    @Override
    protected VideoTransformer transformer(NDManager manager) {
        return WanTransformer.load(
                ReferenceTensors.golden("models/wan-i2v-pipeline/transformer"), Precision.F32, Device.cpu());
    }

    @Override
    protected PromptEmbedding prompt(NDManager manager) {
        return new PromptEmbedding(Noise.normal(manager, 4, new Shape(1, 7, 24)), 7);
    }

    @Override
    protected VideoSpec spec(NDManager manager, Shape latents) {
        Shape condition = new Shape(1, 8, latents.get(2), latents.get(3), latents.get(4));
        return super.spec(manager, latents)
                .from(new ImageCondition(
                        Noise.normal(manager, 6, condition),
                        Optional.of(Noise.normal(manager, 7, new Shape(1, 17, 20)))));
    }

    @Override
    protected List<Shape> latentShapes() {
        return List.of(new Shape(1, 4, 3, 6, 8), new Shape(1, 4, 2, 2, 2));
    }
}
