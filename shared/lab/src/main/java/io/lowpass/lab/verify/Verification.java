package io.lowpass.lab.verify;

import ai.djl.ndarray.NDManager;
import io.lowpass.contracts.Boundary;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.lab.quality.TensorError;
import io.lowpass.lab.verify.CaseResult.Status;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the cases of a folder, one after another. */
final class Verification {

    private final Map<String, Check> checks;
    private final ManifestCheck manifests;

    Verification(Map<String, Check> checks, ManifestCheck manifests) {
        this.checks = checks;
        this.manifests = manifests;
    }

    /**
     * Runs every case below a folder, and matches the manifests of its folder {@code manifests}.
     *
     * @param each receives each result as it comes
     */
    List<CaseResult> run(Path directory, Consumer<CaseResult> each) {
        List<CaseResult> results = new ArrayList<>();
        try (TensorError measure = new TensorError()) {
            for (Path folder : ReferenceCase.foldersIn(directory)) {
                CaseResult result = run(folder, measure);
                results.add(result);
                each.accept(result);
            }
        }
        if (Files.isDirectory(directory.resolve("manifests"))) {
            manifests.run(directory.resolve("manifests")).forEach(result -> {
                results.add(result);
                each.accept(result);
            });
        }
        return results;
    }

    private CaseResult run(Path folder, TensorError measure) {
        String name = String.valueOf(folder.getFileName());
        ReferenceCase reference;
        try {
            reference = ReferenceCase.read(folder);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return CaseResult.without(name, "unknown", Status.FAILED, String.valueOf(e.getMessage()));
        }
        Check check = checks.get(reference.component());
        if (check == null) {
            return CaseResult.without(name, reference.component(), Status.UNSUPPORTED, "no such component");
        }
        // An error in one case, such as a missing tensor, must not prevent the others from running.
        return Boundary.call(
                () -> run(check, reference, measure, name),
                error -> CaseResult.without(name, reference.component(), Status.FAILED, Boundary.message(error)));
    }

    private static CaseResult run(Check check, ReferenceCase reference, TensorError measure, String name) {
        try (NDManager memory = NDManager.newBaseManager("PyTorch")) {
            Comparison comparison = new Comparison(measure, reference.expected(memory), reference.tolerance());
            check.run(reference, memory, comparison);
            return comparison.result(name, reference.component());
        } catch (Unsupported e) {
            return CaseResult.without(name, reference.component(), Status.UNSUPPORTED, String.valueOf(e.getMessage()));
        }
    }
}
