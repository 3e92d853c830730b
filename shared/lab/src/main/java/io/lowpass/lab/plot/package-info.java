/**
 * Plots as SVG elements that a page of its own can hold: no script, no font, no colour that is not the page's, so that
 * they follow its light or dark scheme. The page takes {@link io.lowpass.lab.plot.PlotStyle#css()} once.
 *
 * <p>No library draws them. XChart 3.8.8 writes every letter as an outline, so a screen reader finds no text, and a plot of
 * 24 marks takes 365 kB instead of 7, one of 12 curves 890 kB instead of 12; colours are fixed, names of marks cover the
 * marks, a long legend is cut off, tooltips end in a {@code NullPointerException}. JFreeSVG is under the GPL, and only
 * records what somebody else draws.
 */
@NullMarked
package io.lowpass.lab.plot;

import org.jspecify.annotations.NullMarked;
