/** From the names and options of a request to a caching policy: the only place that knows every method. */
@NullMarked
package io.lowpass.caching.settings;

import org.jspecify.annotations.NullMarked;
