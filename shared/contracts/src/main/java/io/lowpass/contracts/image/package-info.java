/**
 * Images as requests carry them, PNG and JPEG: whether a file is whole, before anything is decoded, and its levels as
 * they are stored, whatever profile, gamma or transparency it has.
 */
@NullMarked
package io.lowpass.contracts.image;

import org.jspecify.annotations.NullMarked;
