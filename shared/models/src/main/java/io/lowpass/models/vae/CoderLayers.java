package io.lowpass.models.vae;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What diffusers' encoders and decoders are made of, in a family's way. They all have the same plan: a first convolution,
 * levels of residual blocks with a resampling between them, a middle at the latents' end, and a last norm and convolution.
 *
 * <p>Each method says its parameters in the group that it gets.
 */
public interface CoderLayers {

    /**
     * A level of encoder or decoder.
     *
     * @param in channels that it gets
     * @param out channels of its residual blocks
     * @param space factor of height and width at its end
     * @param time factor of the number of frames at its end
     */
    record Level(int in, int out, int space, int time) {

        /**
         * The levels of a coder.
         *
         * @param widths channels of each
         * @param space for which levels height and width are doubled or halved
         * @param time for which levels the number of frames is
         */
        public static List<Level> list(List<Integer> widths, IntPredicate space, IntPredicate time) {
            return IntStream.range(0, widths.size())
                    .mapToObj(i -> new Level(
                            widths.get(Math.max(i - 1, 0)), widths.get(i), space.test(i) ? 2 : 1, time.test(i) ? 2 : 1))
                    .toList();
        }

        /** The widths in the order of the other coder. */
        public static List<Integer> reversed(List<Integer> widths) {
            return IntStream.range(0, widths.size())
                    .mapToObj(i -> widths.get(widths.size() - 1 - i))
                    .toList();
        }

        boolean resamples() {
            return space * time > 1;
        }
    }

    /** The first convolution. */
    VaeLayer first(VaeParameters coder, int in, int out);

    /** A residual block. */
    VaeLayer residual(VaeParameters block, int in, int out);

    /** What stands between the residual blocks of the middle. */
    default Optional<VaeLayer> attention(VaeParameters block, int width) {
        return Optional.empty();
    }

    /** What ends a level. */
    VaeLayer resampling(VaeParameters block, Level level);

    /** The last norm and convolution. */
    VaeLayer last(VaeParameters coder, int in, int out);

    /** What the name of a residual block of the encoder starts with. */
    default String down(int level, int block) {
        return "down_blocks." + level + ".resnets." + block + ".";
    }

    /** What the name of the resampling at the end of a level of the encoder starts with. */
    default String downsampler(int level) {
        return "down_blocks." + level + ".downsamplers.0.";
    }

    /**
     * A decoder.
     *
     * @param in channels of the latents
     * @param blocks residual blocks of a level
     * @param out channels of a frame
     */
    default List<VaeLayer> decoder(VaeParameters coder, int in, List<Level> levels, int blocks, int out) {
        int dim = levels.get(0).in();
        List<VaeLayer> layers = new ArrayList<>();
        layers.add(first(coder, in, dim));
        addMiddle(coder, dim, layers);
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            String name = "up_blocks." + i + ".";
            for (int j = 0; j < blocks; j++) {
                layers.add(residual(
                        coder.at(name + "resnets." + j + "."), j == 0 ? level.in() : level.out(), level.out()));
            }
            if (level.resamples()) {
                layers.add(resampling(coder.at(name + "upsamplers.0."), level));
            }
        }
        layers.add(last(coder, levels.get(levels.size() - 1).out(), out));
        return layers;
    }

    /**
     * An encoder.
     *
     * @param in channels of a frame
     * @param blocks residual blocks of a level
     * @param out channels of the latents' moments
     */
    default List<VaeLayer> encoder(VaeParameters coder, int in, List<Level> levels, int blocks, int out) {
        int dim = levels.get(levels.size() - 1).out();
        List<VaeLayer> layers = new ArrayList<>();
        layers.add(first(coder, in, levels.get(0).in()));
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            for (int j = 0; j < blocks; j++) {
                layers.add(residual(coder.at(down(i, j)), j == 0 ? level.in() : level.out(), level.out()));
            }
            if (level.resamples()) {
                layers.add(resampling(coder.at(downsampler(i)), level));
            }
        }
        addMiddle(coder, dim, layers);
        layers.add(last(coder, dim, out));
        return layers;
    }

    private void addMiddle(VaeParameters coder, int dim, List<VaeLayer> layers) {
        layers.add(residual(coder.at("mid_block.resnets.0."), dim, dim));
        attention(coder.at("mid_block.attentions.0."), dim).ifPresent(layers::add);
        layers.add(residual(coder.at("mid_block.resnets.1."), dim, dim));
    }
}
