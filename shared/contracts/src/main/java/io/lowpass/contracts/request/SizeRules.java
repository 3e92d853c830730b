package io.lowpass.contracts.request;

import io.lowpass.contracts.Size;

/** Which sizes a model takes, and which of them is like one that it does not take. */
record SizeRules(ModelCard model) {

    boolean hasSides(Size size) {
        ModelCard.Limits limits = model.limits();
        return size.width() >= limits.minWidth()
                && size.width() <= limits.maxWidth()
                && size.height() >= limits.minHeight()
                && size.height() <= limits.maxHeight();
    }

    private boolean takes(Size size) {
        return size.width() % model.sizeMultiple() == 0
                && size.height() % model.sizeMultiple() == 0
                && (long) size.width() * size.height() <= model.limits().pixels()
                && hasSides(size);
    }

    /** A size that the model takes: of about the same shape where there is one, else the model's own. */
    Size nearest(Size asked) {
        double most = model.limits().pixels();
        double shrink = Math.min(1, Math.sqrt(most / ((double) asked.width() * asked.height())));
        Size rounded = new Size(
                side(
                        asked.width() * shrink,
                        model.limits().minWidth(),
                        model.limits().maxWidth()),
                side(
                        asked.height() * shrink,
                        model.limits().minHeight(),
                        model.limits().maxHeight()));
        Size smaller = rounded;
        while (!takes(smaller) && smaller.width() > model.sizeMultiple() && smaller.height() > model.sizeMultiple()) {
            smaller = smaller.width() >= smaller.height()
                    ? new Size(smaller.width() - model.sizeMultiple(), smaller.height())
                    : new Size(smaller.width(), smaller.height() - model.sizeMultiple());
        }
        return takes(smaller) ? smaller : model.size();
    }

    private int side(double length, int least, int most) {
        int multiple = model.sizeMultiple();
        long lowest = (Math.max(1L, least) + multiple - 1) / multiple;
        long highest = Math.max(lowest, (long) most / multiple);
        return (int) Math.max(lowest, Math.min(highest, Math.round(length / multiple))) * multiple;
    }
}
