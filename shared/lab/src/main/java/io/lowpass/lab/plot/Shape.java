package io.lowpass.lab.plot;

/** The outline of a mark, so that groups are told apart without colours, too. */
enum Shape {
    OCTAGON,
    SQUARE,
    TRIANGLE,
    DIAMOND,
    TRIANGLE_DOWN;

    /** Half the width of a mark. */
    static final double SIZE = 4.5;

    private double[] corners() {
        return switch (this) {
            case OCTAGON -> new double[] {1, 0.4, 0.4, 1, -0.4, 1, -1, 0.4, -1, -0.4, -0.4, -1, 0.4, -1, 1, -0.4};
            case SQUARE -> new double[] {0.9, 0.9, -0.9, 0.9, -0.9, -0.9, 0.9, -0.9};
            case TRIANGLE -> new double[] {0, -1.2, 1.1, 0.9, -1.1, 0.9};
            case DIAMOND -> new double[] {0, -1.3, 1.3, 0, 0, 1.3, -1.3, 0};
            case TRIANGLE_DOWN -> new double[] {0, 1.2, 1.1, -0.9, -1.1, -0.9};
        };
    }

    /** The shape of a group. */
    static Shape of(int group) {
        return values()[group % values().length];
    }

    /** The outline around a place. */
    Markup at(double atX, double atY) {
        double[] corners = corners();
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < corners.length; i += 2) {
            path.append(i == 0 ? 'M' : 'L')
                    .append(Markup.number(atX + corners[i] * SIZE))
                    .append(' ')
                    .append(Markup.number(atY + corners[i + 1] * SIZE));
        }
        return Markup.of("path").with("d", path.append('Z').toString());
    }
}
