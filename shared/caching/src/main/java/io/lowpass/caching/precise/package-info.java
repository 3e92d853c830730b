/**
 * PreciseCache (Wang et al., 2026): LFCache decides whether a step runs, BlockCache which of its blocks do.
 *
 * <p>The paper leaves open, or says in two ways, much that an implementation must settle. Where a setting answers such a
 * question, its documentation says so by the question's number:
 *
 * <ul>
 *   <li>A1 The distance of a step is to the prediction that is being reused (Algorithm 1, line 14 makes the "previous"
 *       prediction of line 10 that one); {@link LFCache.Accumulation#CONSECUTIVE} is the appendix's other sum.
 *   <li>A2 Distances add up from one computed step to the next.
 *   <li>A3 The reference of the distance: the cached prediction made small, or the probe of that same step.
 *   <li>A4 The largest distance of the warm-up is measured as all later ones are, from its second step on.
 *   <li>A5 All warm-up steps are computed, as the text says; Algorithm 1 only shows the first.
 *   <li>A6 The last step is treated as any other, unless asked otherwise.
 *   <li>A7 How latents and cached predictions are made small.
 *   <li>A8 The probe takes the step's own time.
 *   <li>A9 What does not divide: frames, rows and columns are rounded up, then cut to whole patches.
 *   <li>A10 The probe's positions are those of a video of its size.
 *   <li>A13, A14 The transform is over height and width of each frame and channel, and the radius of its mask is counted
 *       on the small grid.
 *   <li>A15, A16 Distances are taken in the frequency domain, of predictions that were made small before.
 *   <li>A17 They are root mean squares, in f32, which makes values of different shapes comparable; the threshold is a
 *       share of the largest, so any constant cancels.
 *   <li>A18, A20 Probe and cached prediction are those after guidance, and one decision holds for both branches.
 *   <li>A21 A step is reused while the sum is below the threshold, not when it is equal.
 *   <li>A22 Where the outcome is settled and no reference is needed, there is no probe.
 *   <li>A23 The cached fraction is the share of blocks that are skipped, as the paper's operation counts imply.
 *   <li>A24 Blocks are measured in every warm-up step and after each run of cached steps, counting computed steps only.
 *   <li>A25 Blocks are ranked by the L2 norm of what they add to the video tokens.
 *   <li>A26 With two streams, both are kept; all kinds of blocks are one list.
 *   <li>A28 What a block adds is kept with its gate applied.
 *   <li>A29 Each branch keeps its own; which blocks are skipped is chosen once, on the conditioned branch.
 *   <li>A31 A multi-step solver takes a reused prediction for a model output.
 *   <li>A32 Warm-up and threshold do not depend on the number of steps.
 *   <li>A34 Distances and predictions are f32; what blocks add is kept in the precision of the pass.
 * </ul>
 */
@NullMarked
package io.lowpass.caching.precise;

import org.jspecify.annotations.NullMarked;
