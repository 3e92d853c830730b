/** What a worker's configuration takes from the model catalogue. */
@NullMarked
package io.lowpass.streaming.settings;

import org.jspecify.annotations.NullMarked;
