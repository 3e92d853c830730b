/** The families of models that there are. */
@NullMarked
package io.lowpass.models.families;

import org.jspecify.annotations.NullMarked;
