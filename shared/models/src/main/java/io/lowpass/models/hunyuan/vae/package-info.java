/**
 * The autoencoder of HunyuanVideo (Kong et al., 2024, section 4.1): its norms and its attention look at all frames they
 * are given, so tiles in time are what a video is decoded by, in memory that does not grow with its length.
 */
@NullMarked
package io.lowpass.models.hunyuan.vae;

import org.jspecify.annotations.NullMarked;
