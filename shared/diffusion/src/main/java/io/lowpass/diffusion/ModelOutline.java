package io.lowpass.diffusion;

import java.util.List;
import java.util.Set;

/**
 * What a caching method may know of a model.
 *
 * @param depth number of blocks
 * @param subLayers the sub-layers of a block at which a cache may interpose; none if the blocks are opaque
 * @param signals what a pass can tell before its first block runs
 * @param patch latent cells of one token: frames, height, width
 * @param branches the branches of a step, conditioned first
 */
public record ModelOutline(
        int depth, Set<SubLayer> subLayers, Set<Signal> signals, List<Integer> patch, List<Branch> branches) {}
