package io.lowpass.local.verify;

import ai.djl.ndarray.NDManager;
import io.lowpass.contracts.Boundary;
import io.lowpass.local.verify.CaseResult.Status;
import io.lowpass.quality.ReferenceCase;
import io.lowpass.quality.TensorError;
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
     * @param each told of each result as it comes
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
        // Whatever is wrong with one case, such as a tensor that is not there, must not keep the others from being
        // tried.
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
