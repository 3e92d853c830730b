package io.lowpass.diffusion;

import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Branch;
import java.util.List;
import java.util.Set;

/**
 * The properties of a model that caching methods may use.
 *
 * @param depth number of blocks
 * @param lists lengths of the consecutive block lists: one list in most models; in HunyuanVideo double blocks, then
 *     single blocks
 * @param subLayers the sub-layers of a block that a cache may wrap; none if blocks are opaque
 * @param signals signals available before the first block runs
 * @param indicator the signal by which methods estimate the change of the output
 * @param patch latent cells per token: frames, height, width
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

    /** A model with one block list and the input as its indicator. */
    public ModelOutline(
            int depth, Set<SubLayer> subLayers, Set<Signal> signals, List<Integer> patch, List<Branch> branches) {
        this(depth, List.of(depth), subLayers, signals, Signal.INPUT, patch, branches);
    }
}
