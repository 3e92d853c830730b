package io.lowpass.diffusion;

/** A prompt as one model family wants it, made once per generation by {@link VideoTransformer#condition}. */
public interface Conditioning {}
