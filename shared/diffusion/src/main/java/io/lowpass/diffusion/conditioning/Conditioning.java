package io.lowpass.diffusion.conditioning;

/**
 * The conditioning on a prompt in the form of one model family, made once per generation by {@link
 * VideoTransformer#condition}.
 */
public interface Conditioning {}
