/** What commands show to a person who watches them. */
@NullMarked
package io.lowpass.local.terminal;

import org.jspecify.annotations.NullMarked;
