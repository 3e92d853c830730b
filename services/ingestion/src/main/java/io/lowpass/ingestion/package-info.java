/** To be written. */
@NullMarked
package io.lowpass.ingestion;

import org.jspecify.annotations.NullMarked;
