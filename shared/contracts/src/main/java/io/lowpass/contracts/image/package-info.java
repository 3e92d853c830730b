/**
 * Images in requests, PNG and JPEG: checks that a file is complete before decoding it, and decodes its stored values,
 * ignoring profiles, gamma and transparency.
 */
@NullMarked
package io.lowpass.contracts.image;

import org.jspecify.annotations.NullMarked;
