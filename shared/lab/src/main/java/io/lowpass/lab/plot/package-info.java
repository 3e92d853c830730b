/**
 * Plots as SVG elements that a page of its own can hold: no script, no font, no colour that is not the page's, so that
 * they follow its light or dark scheme. The page takes {@link io.lowpass.lab.plot.PlotStyle#css()} once.
 */
@NullMarked
package io.lowpass.lab.plot;

import org.jspecify.annotations.NullMarked;
