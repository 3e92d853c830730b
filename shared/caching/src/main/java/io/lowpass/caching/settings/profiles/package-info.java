/**
 * What caching methods need to know of one model, measured on it: constants without which a method cannot run, and
 * thresholds for a wanted speed-up or fidelity. A file beside the model carries them from the one who measures to all
 * who generate.
 */
@NullMarked
package io.lowpass.caching.settings.profiles;

import org.jspecify.annotations.NullMarked;
