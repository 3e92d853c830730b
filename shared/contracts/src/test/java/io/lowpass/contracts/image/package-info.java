@NullMarked
package io.lowpass.contracts.image;

import org.jspecify.annotations.NullMarked;
