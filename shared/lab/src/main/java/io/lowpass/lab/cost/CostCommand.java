package io.lowpass.lab.cost;

import io.lowpass.cli.FiguresFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lowpass cost}: multiply-adds of the public checkpoints, and what each policy could save of them. */
@Command(
        name = "cost",
        description = "Multiply-adds of the public checkpoints at the paper's settings, from their shapes, and the most"
                + " that each policy could save of them.",
        mixinStandardHelpOptions = true)
public final class CostCommand implements Callable<Integer> {

    @Mixin
    private FiguresFile figures = new FiguresFile();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<Checkpoint> checkpoints = Checkpoints.read();
        CostTable.print(out, checkpoints);
        Map<String, List<Ceiling>> ceilings = new LinkedHashMap<>();
        for (Checkpoint checkpoint : checkpoints) {
            List<Ceiling> ofCheckpoint = checkpoint.policies().stream()
                    .map(policy -> Ceiling.of(checkpoint, policy))
                    .toList();
            ceilings.put(checkpoint.name(), ofCheckpoint);
            CostTable.print(out, checkpoint, ofCheckpoint);
        }
        figures.write(() -> rows(checkpoints, ceilings));
        return 0;
    }

    private static List<Map<String, Object>> rows(List<Checkpoint> checkpoints, Map<String, List<Ceiling>> ceilings) {
        return checkpoints.stream()
                .map(checkpoint -> row(checkpoint, Objects.requireNonNull(ceilings.get(checkpoint.name()))))
                .toList();
    }

    private static Map<String, Object> row(Checkpoint checkpoint, List<Ceiling> ceilings) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", checkpoint.name());
        row.put("setting", checkpoint.setting());
        row.put("tokens", (long) checkpoint.tokens().count());
        row.put("steps", checkpoint.steps());
        row.put("branches", checkpoint.guidance().branches().size());
        row.put("macsPerPass", checkpoint.pass());
        row.put("macs", checkpoint.total());
        if (checkpoint.paper() > 0) {
            row.put("paperMacs", checkpoint.paper());
        }
        row.put("ceilings", ceilings);
        return row;
    }
}
