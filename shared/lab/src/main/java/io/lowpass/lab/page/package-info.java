/** Pages of text, tables and plots, written in HTML templates of Qute. */
@NullMarked
package io.lowpass.lab.page;

import org.jspecify.annotations.NullMarked;
