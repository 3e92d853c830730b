package io.lowpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.cost.Work;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ToyTransformersTest {

    private static final List<Shape> SHAPES = List.of(new Shape(1, 4, 3, 8, 12), new Shape(1, 4, 2, 2, 4));

    @Nested
    class SingleStream extends VideoTransformerContract {

        @Override
        protected VideoTransformer transformer(NDManager manager) {
            return new ToyWan(manager, 3);
        }

        @Override
        protected PromptEmbedding prompt(NDManager manager) {
            return new PromptEmbedding(ToyRun.noise(manager, 8, new Shape(1, 6, 16)), 6);
        }

        @Override
        protected List<Shape> latentShapes() {
            return SHAPES;
        }
    }

    @Nested
    class DualStream extends VideoTransformerContract {

        @Override
        protected VideoTransformer transformer(NDManager manager) {
            return new ToyHunyuan(manager, 3);
        }

        @Override
        protected PromptEmbedding prompt(NDManager manager) {
            return new PromptEmbedding(ToyRun.noise(manager, 8, new Shape(1, 6, 16)), 6);
        }

        @Override
        protected List<Shape> latentShapes() {
            return SHAPES;
        }
    }

    @Test
    void theUncachedRunComputesEveryBlockOfEveryBranchAtTheCostOfTheFormula() {
        try (NDManager manager = NDManager.newBaseManager()) {
            for (ToyTransformer toy : List.of(new ToyWan(manager, 4), new ToyHunyuan(manager, 4))) {
                // When
                Work work = ToyRun.of(toy, CachePolicy.NONE, ToyRun.Setup.USUAL).work();
                // Then
                assertThat(work).isEqualTo(new Work(40, 0, 160, 0, 0));
                assertThat((double) toy.multiplyAdds()).isEqualTo(toy.cost().of(work, 5 * 4 * 4));
            }
        }
    }
}
