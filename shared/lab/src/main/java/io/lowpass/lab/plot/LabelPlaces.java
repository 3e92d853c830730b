package io.lowpass.lab.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds places for labels where they cover neither marks nor each other. */
final class LabelPlaces {

    private static final double HEIGHT = 12;
    private static final double GAP = 8;

    private final Canvas canvas;
    private final List<Box> taken = new ArrayList<>();

    private record Box(double left, double top, double right, double bottom) {

        boolean meets(Box other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }
    }

    LabelPlaces(Canvas canvas) {
        this.canvas = canvas;
    }

    /** Keeps labels off a mark. */
    void keepFree(double atX, double atY, double size) {
        taken.add(new Box(atX - size, atY - size, atX + size, atY + size));
    }

    /** The label beside a mark; empty if every side is taken, for an unreadable label is worth less than none. */
    Optional<Markup> place(String text, double atX, double atY) {
        double width = Canvas.textWidth(text);
        List<Box> candidates = List.of(
                box(atX - GAP - width, atY - GAP - HEIGHT / 2, width),
                box(atX - width / 2, atY - 2 * GAP - HEIGHT / 2, width),
                box(atX + GAP, atY, width),
                box(atX + GAP, atY + GAP + HEIGHT / 2, width),
                box(atX - GAP - width, atY, width),
                box(atX - width / 2, atY + 2 * GAP + HEIGHT / 2, width),
                box(atX + GAP, atY - GAP - HEIGHT / 2, width));
        Optional<Box> free = candidates.stream().filter(this::isFree).findFirst();
        free.ifPresent(taken::add);
        return free.map(box -> Canvas.label(box.left(), box.bottom() - 2, "start", text));
    }

    private static Box box(double left, double middle, double width) {
        return new Box(left, middle - HEIGHT / 2, left + width, middle + HEIGHT / 2);
    }

    private boolean isFree(Box box) {
        return box.left() >= canvas.left()
                && box.right() <= Canvas.WIDTH
                && box.top() >= 0
                && box.bottom() <= canvas.bottom()
                && taken.stream().noneMatch(box::meets);
    }
}
