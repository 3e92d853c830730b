package io.lowpass.diffusion;

/** One sub-layer of one block, counted from 0. */
public record Site(int block, SubLayer subLayer) {}
