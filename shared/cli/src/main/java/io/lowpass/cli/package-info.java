/** What commands have in common: forms of options, and what they show to a person who watches them. */
@NullMarked
package io.lowpass.cli;

import org.jspecify.annotations.NullMarked;
