/** The control: steps computed by a schedule that looks at nothing. */
@NullMarked
package io.lowpass.caching.fixed;

import org.jspecify.annotations.NullMarked;
