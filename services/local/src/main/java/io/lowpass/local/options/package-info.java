/** Forms of options that several commands share. */
@NullMarked
package io.lowpass.local.options;

import org.jspecify.annotations.NullMarked;
