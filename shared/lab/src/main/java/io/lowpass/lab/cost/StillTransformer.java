package io.lowpass.lab.cost;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import java.util.List;
import java.util.Set;

/**
 * A transformer with a checkpoint's shape that computes nothing. Its prediction changes during the first steps, which
 * some methods use to set their threshold, and then stays constant, so that every method reuses as much as its rules
 * allow. For one generation only.
 */
final class StillTransformer implements VideoTransformer {

    private static final int MOVING = 3;
    private static final double SMALL = 1e-3;

    private final Checkpoint checkpoint;
    private double lastTime = Double.POSITIVE_INFINITY;
    private int step = -1;

    StillTransformer(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    @Override
    public int depth() {
        return checkpoint.depth();
    }

    @Override
    public Set<SubLayer> subLayers() {
        return checkpoint.blocks().subLayers();
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.values());
    }

    @Override
    public List<Integer> patch() {
        return checkpoint.patch();
    }

    @Override
    public Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec) {
        return new Conditioning() {};
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        // A probe has the timestep of its step.
        if (timestep < lastTime) {
            lastTime = timestep;
            step++;
        }
        double value = SMALL * (1 + Math.max(0, MOVING - 1 - step));
        return conditioning -> new Pass(latents, value);
    }

    @Override
    public void close() {}

    private final class Pass implements ForwardPass {

        private final NDArray latents;
        private final double value;

        Pass(NDArray latents, double value) {
            this.latents = latents;
            this.value = value;
        }

        @Override
        public Features input() {
            return Features.of(latents.getManager().ones(new Shape(1, 1, 1)));
        }

        @Override
        public NDArray signal(Signal kind) {
            return latents.getManager().ones(new Shape(1, 1, 1));
        }

        @Override
        public int depth() {
            return checkpoint.depth();
        }

        @Override
        public Features block(int index, Features features, SubLayers subLayers) {
            for (SubLayer subLayer : checkpoint.blocks().subLayers()) {
                if (checkpoint.blocks().has(subLayer, index)) {
                    subLayers.apply(
                            subLayer, () -> Features.of(latents.getManager().ones(new Shape(1, 1, 1))));
                }
            }
            return Features.of(features.video().add(1));
        }

        @Override
        public NDArray head(Features features) {
            return latents.getManager().full(latents.getShape(), (float) value);
        }
    }
}
