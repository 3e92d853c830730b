package io.lowpass.lab.cost;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The output of {@code lowpass cost}. */
final class CostTable {

    private static final double PETA = 1e15;
    private static final double PERCENT = 100;

    private CostTable() {}

    static void print(PrintWriter out, List<Checkpoint> checkpoints) {
        out.printf(
                Locale.ROOT,
                "%-18s %-22s %8s %10s %8s %10s %10s %7s%n",
                "checkpoint",
                "setting",
                "tokens",
                "PMACs/pass",
                "passes",
                "PMACs",
                "paper",
                "diff");
        for (Checkpoint checkpoint : checkpoints) {
            out.printf(
                    Locale.ROOT,
                    "%-18s %-22s %8.0f %10.4f %8s %10.2f %10s %7s%n",
                    checkpoint.name(),
                    checkpoint.setting(),
                    checkpoint.tokens().count(),
                    checkpoint.pass() / PETA,
                    checkpoint.steps() + " x "
                            + checkpoint.guidance().branches().size(),
                    checkpoint.total() / PETA,
                    paper(checkpoint),
                    difference(checkpoint));
        }
        out.flush();
    }

    private static String paper(Checkpoint checkpoint) {
        return checkpoint.paper() > 0 ? String.format(Locale.ROOT, "%.2f", checkpoint.paper() / PETA) : "-";
    }

    private static String difference(Checkpoint checkpoint) {
        return checkpoint.paper() > 0
                ? String.format(
                        Locale.ROOT,
                        "%+.1f %%",
                        PERCENT * (checkpoint.total() - checkpoint.paper()) / checkpoint.paper())
                : "-";
    }

    static void print(PrintWriter out, Checkpoint checkpoint, List<Ceiling> ceilings) {
        out.printf(
                Locale.ROOT,
                "%n%s, %d steps: at most%n%-44s %9s %10s %11s %9s%n",
                checkpoint.name(),
                checkpoint.steps(),
                "policy",
                "computed",
                "PMACs",
                "full steps",
                "speed-up");
        for (Ceiling ceiling : ceilings) {
            out.printf(
                    Locale.ROOT,
                    "%-44s %9d %10.2f %11.2f %8.2fx%n",
                    ceiling.policy(),
                    ceiling.computed(),
                    ceiling.macs() / PETA,
                    ceiling.fullSteps(),
                    ceiling.speedup());
        }
        out.flush();
    }
}
