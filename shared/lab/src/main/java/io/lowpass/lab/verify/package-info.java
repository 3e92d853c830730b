/**
 * Tries this build against reference cases: what diffusers, transformers and the methods' own code computed.
 *
 * <p>A case passes only if every expected tensor is produced and close. A case of a family or method that is not built
 * is reported as unsupported, never as passed.
 */
@NullMarked
package io.lowpass.lab.verify;

import org.jspecify.annotations.NullMarked;
