package io.lowpass.lab.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.steps.StepDecision.Action;
import io.lowpass.generation.GeneratedVideo;
import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one pair in progress. A run is measured and recorded once the references of its pair exist; since the
 * uncached run takes its turn, some runs wait for it.
 */
final class PairRuns {

    private final Pair pair;
    private final EvaluationConditions conditions;
    private final NDManager memory;
    private final Folder folder;
    private final Consumer<RunRecord> each;
    private final List<PendingRun> waiting = new ArrayList<>();
    private @Nullable NDArray uncached;
    private @Nullable NDArray fine;

    /** The destination of finished runs. */
    record Folder(
            RunLog log,
            FrameFiles references,
            ContactSheet pictures,
            Optional<VbenchFolder> vbench,
            Measures measures) {

        /** Whether a run is complete. */
        boolean isDone(Pair pair, String policy) {
            return log.has(pair, policy)
                    && !pictures.lacks(pair, policy)
                    && vbench.stream().noneMatch(videos -> videos.lacks(pair, policy));
        }
    }

    private record PendingRun(Entrant entrant, String settings, GeneratedVideo video, long peakBytes) {}

    PairRuns(Pair pair, EvaluationConditions conditions, NDManager memory, Folder folder, Consumer<RunRecord> each)
            throws IOException {
        this.pair = pair;
        this.conditions = conditions;
        this.memory = memory;
        this.folder = folder;
        this.each = each;
        uncached = stored(Entrant.UNCACHED);
        fine = conditions.reference().isPresent()
                ? stored(conditions.reference().get())
                : null;
    }

    private @Nullable NDArray stored(String policy) throws IOException {
        return folder.references().has(pair, policy) ? folder.references().load(memory, pair, policy) : null;
    }

    /** Whether a reference is missing, even if it once existed. */
    boolean needs(Entrant entrant) {
        return (entrant.isUncached() && uncached == null) || (isFine(entrant) && fine == null);
    }

    private boolean isFine(Entrant entrant) {
        return conditions.reference().filter(entrant.name()::equals).isPresent();
    }

    /**
     * Takes a run, whose frames stay with the memory of the pair.
     *
     * @param settings what names those of the entrant
     */
    void add(Entrant entrant, String settings, GeneratedVideo video, long peakBytes) throws IOException {
        if (entrant.isUncached()) {
            uncached = video.frames();
            folder.references().save(pair, entrant.name(), video.frames());
        } else if (isFine(entrant)) {
            fine = video.frames();
            folder.references().save(pair, entrant.name(), video.frames());
        }
        waiting.add(new PendingRun(entrant, settings, video, peakBytes));
        if (uncached != null && (fine != null || conditions.reference().isEmpty())) {
            for (PendingRun run : waiting) {
                settle(run, uncached, Optional.ofNullable(fine));
            }
            waiting.clear();
        }
    }

    private void settle(PendingRun run, NDArray reference, Optional<NDArray> finer) throws IOException {
        String policy = run.entrant().name();
        NDArray frames = run.video().frames();
        boolean wasOpen = !folder.isDone(pair, policy);
        folder.pictures().draw(pair, policy, frames, reference);
        if (folder.vbench().isPresent() && folder.vbench().get().lacks(pair, policy)) {
            folder.vbench().get().write(pair, policy, frames);
        }
        RunRecord finished = measured(run, reference, finer);
        if (!folder.log().has(pair, policy)) {
            folder.log().add(finished);
        }
        if (wasOpen) {
            each.accept(finished);
        }
        if (frames != uncached && frames != fine) {
            frames.close();
        }
    }

    private RunRecord measured(PendingRun run, NDArray reference, Optional<NDArray> finer) {
        GeneratedVideo video = run.video();
        return new RunRecord(
                conditions.digest(),
                pair.prompt(),
                pair.text(),
                pair.seed(),
                run.entrant().name(),
                video.steps().size(),
                video.encodeMs(),
                video.denoiseMs(),
                video.decodeMs(),
                video.macs(),
                video.steps(Action.COMPUTE),
                video.steps(Action.REUSE),
                video.steps(Action.FORECAST),
                video.work(),
                run.peakBytes(),
                folder.measures().between(video.frames(), reference),
                finer.map(frames -> folder.measures().between(video.frames(), frames)),
                Optional.of(run.settings()));
    }
}
