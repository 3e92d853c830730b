package io.lowpass.diffusion.blocks;

/** A sub-layer of a block; blocks are counted from 0. */
public record Site(int block, SubLayer subLayer) {}
