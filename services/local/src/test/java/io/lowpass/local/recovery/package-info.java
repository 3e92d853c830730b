/** How long it takes until the work of a killed service goes on: a benchmark, not a test. */
@org.jspecify.annotations.NullMarked
package io.lowpass.local.recovery;
