/** Tiny models for tests: one of every family, and files of weights. */
@NullMarked
package io.lowpass.testing.models;

import org.jspecify.annotations.NullMarked;
