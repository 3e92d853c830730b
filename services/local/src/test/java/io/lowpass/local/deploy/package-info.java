/** What the documents promise, held against the code. */
@NullMarked
package io.lowpass.local.deploy;

import org.jspecify.annotations.NullMarked;
