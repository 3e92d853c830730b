package io.lowpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The contract of every model family with caches and the sampler; computed in f32. */
public abstract class VideoTransformerContract {

    /** A small model, which the contract closes. */
    protected abstract VideoTransformer transformer(NDManager manager);

    /** A prompt for it. */
    protected abstract PromptEmbedding prompt(NDManager manager);

    /** The video that is made, with an image for latents of that shape where the model starts from one. */
    protected VideoSpec spec(NDManager manager, Shape latents) {
        return new VideoSpec(32, 32, 9, 16, 5);
    }

    /** Two shapes of latents that suit it, such as a step's and its probe's. */
    protected abstract List<Shape> latentShapes();

    @Test
    public void aPredictionIsShapedLikeItsLatentsAtAnySize() {
        withModel((model, manager) -> {
            Conditioning conditioning = model.condition(
                    manager, prompt(manager), spec(manager, latentShapes().get(0)));
            for (Shape shape : latentShapes()) {
                // When
                NDArray prediction = predict(model, conditioning, ToyRun.noise(manager, 5, shape), SubLayers.COMPUTE);
                // Then
                assertThat(prediction.getShape()).isEqualTo(shape);
                assertThat(prediction.isNaN().any().getBoolean()).isFalse();
            }
        });
    }

    @Test
    public void everySubLayerIsOfferedOncePerBlockAndComputingItChangesNothing() {
        withModel((model, manager) -> {
            // Given
            NDArray latents = ToyRun.noise(manager, 5, latentShapes().get(0));
            Conditioning conditioning = model.condition(
                    manager, prompt(manager), spec(manager, latentShapes().get(0)));
            NDArray fused = predict(model, conditioning, latents, SubLayers.COMPUTE);
            ForwardPass pass = model.embed(latents, 700, spec(latents.getManager(), latents.getShape()))
                    .pass(conditioning);
            Features features = pass.input();
            Set<SubLayer> offered = EnumSet.noneOf(SubLayer.class);
            for (int i = 0; i < pass.depth(); i++) {
                List<SubLayer> here = new ArrayList<>();
                // When
                features = pass.block(i, features, (subLayer, compute) -> {
                    here.add(subLayer);
                    return compute.get();
                });
                // Then: blocks may be of different kinds
                assertThat(here).doesNotHaveDuplicates();
                assertThat(here.isEmpty()).isEqualTo(model.subLayers().isEmpty());
                offered.addAll(here);
            }
            NDArray watched = pass.head(features);
            assertThat(offered).isEqualTo(model.subLayers());
            assertThat(watched.sub(fused).abs().max().getFloat())
                    .isLessThanOrEqualTo(1e-4f * fused.abs().max().getFloat());
        });
    }

    @Test
    public void aPassNeitherChangesItsInputNorTheNextPass() {
        withModel((model, manager) -> {
            // Given
            NDArray latents = ToyRun.noise(manager, 5, latentShapes().get(0));
            float[] before = latents.toFloatArray();
            Conditioning conditioning = model.condition(
                    manager, prompt(manager), spec(manager, latentShapes().get(0)));
            // When
            NDArray first = predict(model, conditioning, latents, SubLayers.COMPUTE);
            NDArray second = predict(model, conditioning, latents, SubLayers.COMPUTE);
            // Then
            assertThat(second.toFloatArray()).isEqualTo(first.toFloatArray());
            assertThat(latents.toFloatArray()).isEqualTo(before);
        });
    }

    @Test
    public void aScopedPassLeavesNoArrayBehind() {
        withModel((model, manager) -> {
            // Given
            NDArray latents = ToyRun.noise(manager, 5, latentShapes().get(0));
            Conditioning conditioning = model.condition(
                    manager, prompt(manager), spec(manager, latentShapes().get(0)));
            scoped(model, conditioning, latents);
            int before = manager.getManagedArrays().size();
            // When
            scoped(model, conditioning, latents);
            // Then
            assertThat(manager.getManagedArrays()).hasSize(before);
        });
    }

    @Test
    public void everySignalMovesWithTheTime() {
        withModel((model, manager) -> {
            // Given
            NDArray latents = ToyRun.noise(manager, 5, latentShapes().get(0));
            Conditioning conditioning = model.condition(
                    manager, prompt(manager), spec(manager, latentShapes().get(0)));
            assertThat(model.signals()).contains(Signal.INPUT);
            for (Signal signal : model.signals()) {
                // When
                NDArray early = model.embed(latents, 900, spec(manager, latents.getShape()))
                        .pass(conditioning)
                        .signal(signal);
                NDArray late = model.embed(latents, 300, spec(manager, latents.getShape()))
                        .pass(conditioning)
                        .signal(signal);
                // Then
                assertThat(early.getShape()).isEqualTo(late.getShape());
                assertThat(early.sub(late).abs().max().getFloat()).isPositive();
            }
        });
    }

    private void scoped(VideoTransformer model, Conditioning conditioning, NDArray latents) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            predict(model, conditioning, latents, SubLayers.COMPUTE);
        }
    }

    private NDArray predict(VideoTransformer model, Conditioning conditioning, NDArray latents, SubLayers subLayers) {
        ForwardPass pass = model.embed(latents, 700, spec(latents.getManager(), latents.getShape()))
                .pass(conditioning);
        Features features = pass.input();
        for (int i = 0; i < pass.depth(); i++) {
            features = pass.block(i, features, subLayers);
        }
        return pass.head(features);
    }

    private void withModel(BiConsumer<VideoTransformer, NDManager> test) {
        try (NDManager manager = NDManager.newBaseManager();
                VideoTransformer model = transformer(manager)) {
            test.accept(model, manager);
        }
    }
}
