package io.lowpass.diffusion;

import java.util.List;
import java.util.Set;

/**
 * What a caching method may know of a model.
 *
 * @param depth number of blocks
 * @param lists lengths of the lists that the blocks come in, one behind the other: most models have one, HunyuanVideo one
 *     of double and one of single blocks
 * @param subLayers the sub-layers of a block at which a cache may interpose; none if the blocks are opaque
 * @param signals what a pass can tell before its first block runs
 * @param indicator the one of them by which methods guess how much the output will move
 * @param patch latent cells of one token: frames, height, width
 * @param branches the branches of a step, conditioned first
 */
public record ModelOutline(
        int depth,
        List<Integer> lists,
        Set<SubLayer> subLayers,
        Set<Signal> signals,
        Signal indicator,
        List<Integer> patch,
        List<Branch> branches) {

    /** A model with one list of blocks, indicated by their input. */
    public ModelOutline(
            int depth, Set<SubLayer> subLayers, Set<Signal> signals, List<Integer> patch, List<Branch> branches) {
        this(depth, List.of(depth), subLayers, signals, Signal.INPUT, patch, branches);
    }
}
