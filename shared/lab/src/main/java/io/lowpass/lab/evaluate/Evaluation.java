package io.lowpass.lab.evaluate;

import ai.djl.ndarray.NDManager;
import io.lowpass.cli.LiveLine;
import io.lowpass.cli.ProgressBar;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.generation.GeneratedVideo;
import io.lowpass.generation.VideoPipeline;
import io.lowpass.generation.VideoPlan;
import io.lowpass.lab.ResidentMemory;
import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import io.lowpass.lab.evaluate.figures.Figures;
import io.lowpass.lab.options.PolicyReader;
import io.lowpass.lab.options.VideoSettings.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Makes the missing runs: for each pair every entrant, in a rotating order, so that drifting machine speed affects all
 * equally.
 */
final class Evaluation implements AutoCloseable {

    private static final int WARM_UP_STEPS = 12;
    private static final double NANOS_PER_MS = 1e6;
    private static final double MS_PER_SECOND = 1e3;

    private final EvaluateSettings settings;
    private final EvaluationConditions conditions;
    private final LiveLine line;
    private final PolicyReader policies;
    private final VideoPipeline pipeline;
    private final NDManager memory = NDManager.newBaseManager("PyTorch");
    private final PairRuns.Folder folder;
    private final Lineup field;
    private final List<Entrant> all;

    /**
     * Opens the model and the existing runs.
     *
     * @throws IllegalArgumentException naming what cannot be used
     */
    Evaluation(EvaluateSettings settings, LiveLine line) throws IOException {
        this.settings = settings;
        this.conditions = settings.conditions();
        this.line = line;
        List<Pair> pairs = conditions.pairs();
        Measures measures = new Measures(settings.lpips());
        RunLog log = RunLog.open(settings.out(), conditions);
        ContactSheet pictures =
                new ContactSheet(settings.out(), pairs.subList(0, Math.min(settings.sheets(), pairs.size())));
        Optional<VbenchFolder> vbench = settings.vbench().map(videos -> new VbenchFolder(videos, conditions));
        policies = PolicyReader.of(settings.model()).judgedOn(conditions.prompts());
        pipeline = VideoPipeline.open(settings.model(), settings.precision());
        FrameFiles references = new FrameFiles(
                settings.out(),
                pipeline.decoded(settings.video().size(), settings.video().frames()));
        folder = new PairRuns.Folder(log, references, pictures, vbench, measures);
        try {
            field = Lineup.of(everybody(), settings.strict(), this::begin);
            field.requireSame(folder.log().runs());
        } catch (IllegalArgumentException e) {
            close();
            throw e;
        }
        all = field.entrants();
    }

    /** The finer reference, if any, and then every entrant once. */
    private List<Entrant> everybody() {
        List<Entrant> entrants = settings.suite().entrants(conditions.steps());
        Optional<String> reference = conditions.reference();
        return Stream.concat(
                        reference.map(text -> Entrant.of(text, conditions.steps())).stream(),
                        entrants.stream().filter(entrant -> !reference.equals(Optional.of(entrant.name()))))
                .toList();
    }

    Lineup field() {
        return field;
    }

    /** Measures the missing figures while there is time for another prompt. */
    void measure(Figures figures, BooleanSupplier mayBegin) throws IOException {
        figures.run(pipeline, line::show, mayBegin);
    }

    /** Writes the report; returns the page. */
    Path report(Figures figures) throws IOException {
        Results results = new Results(conditions, all, folder.log().runs());
        Map<String, String> machine = Machine.describe();
        Path page = settings.out().resolve("report.html");
        new ReportFile(results, settings.suite(), field, machine)
                .write(figures.report(), settings.out().resolve("report.json"));
        new ReportPage(results, settings.suite(), field, folder.pictures(), machine).write(page, figures.sections());
        return page;
    }

    /** Makes the missing runs, as far as time allows. */
    void run() throws IOException {
        long start = System.nanoTime();
        List<Pair> open = conditions.pairs().stream()
                .filter(pair -> all.stream().anyMatch(entrant -> !folder.isDone(pair, entrant.name())))
                .toList();
        int total = conditions.pairs().size() * all.size();
        int done = total - open.stream().mapToInt(pair -> missing(pair).size()).sum();
        line.print(String.format(
                Locale.ROOT,
                "%d policies, %d prompts with %d seeds: %d runs, of which %d are done",
                all.size(),
                conditions.prompts().size(),
                conditions.seeds().size(),
                total,
                done));
        if (open.isEmpty()) {
            return;
        }
        Timetable times = timetable();
        line.print("Remaining time: " + ProgressBar.clock(left(open, times))
                + " at most, assuming that policies without runs compute every step");
        PairProgress progress = new PairProgress(line, total, done);
        for (int i = 0; i < open.size(); i++) {
            List<Pair> rest = open.subList(i, open.size());
            double spent = (System.nanoTime() - start) / NANOS_PER_MS;
            double next = times.of(missing(open.get(i)));
            if (settings.budget().filter(most -> spent + next > most.toMillis()).isPresent()) {
                line.print("The time budget is used up: " + rest.size() + " of "
                        + conditions.pairs().size() + " pairs remain; run again to continue");
                return;
            }
            compare(open.get(i), rest, times, progress);
        }
    }

    /** The progress, for the status line. */
    private static final class PairProgress {

        private final LiveLine line;
        private final int total;
        private int done;

        PairProgress(LiveLine line, int total, int done) {
            this.line = line;
            this.total = total;
            this.done = done;
        }

        void finished(RunRecord run, double leftMs) {
            done++;
            line.show(String.format(
                    Locale.ROOT,
                    "%s %d/%d ETA %s  prompt %d seed %d  %s %.2f s %.2f dB",
                    ProgressBar.of((double) done / total),
                    done,
                    total,
                    ProgressBar.clock(leftMs),
                    run.prompt() + 1,
                    run.seed(),
                    run.policy(),
                    run.totalMs() / MS_PER_SECOND,
                    run.uncached().psnr()));
        }
    }

    private double left(List<Pair> pairs, Timetable times) {
        return pairs.stream().mapToDouble(pair -> times.of(missing(pair))).sum();
    }

    private List<Entrant> missing(Pair pair) {
        return all.stream()
                .filter(entrant -> !folder.isDone(pair, entrant.name()))
                .toList();
    }

    private void compare(Pair pair, List<Pair> rest, Timetable times, PairProgress progress) throws IOException {
        try (NDManager ofPair = memory.newSubManager()) {
            PairRuns runs =
                    new PairRuns(pair, conditions, ofPair, folder, run -> progress.finished(run, left(rest, times)));
            for (Entrant entrant : order(pair)) {
                if (folder.isDone(pair, entrant.name()) && !runs.needs(entrant)) {
                    continue;
                }
                long start = System.nanoTime();
                ResidentMemory.resetPeak();
                GeneratedVideo video = generate(ofPair, entrant, pair, ProgressListener.SILENT);
                long peak = ResidentMemory.peak();
                runs.add(entrant, field.digest(entrant), video, peak);
                times.add(entrant.name(), (System.nanoTime() - start) / NANOS_PER_MS);
            }
        }
    }

    /** The finer reference, which is not compared, then the others in alternating, rotating order. */
    private List<Entrant> order(Pair pair) {
        List<Pair> pairs = conditions.pairs();
        int index = pairs.indexOf(pair);
        int references = conditions.reference().isPresent() ? 1 : 0;
        List<Entrant> compared = new ArrayList<>(all.subList(references, all.size()));
        Collections.rotate(compared, -(index * compared.size() / pairs.size()));
        if (index % 2 == 1) {
            Collections.reverse(compared);
        }
        return Stream.concat(all.subList(0, references).stream(), compared.stream())
                .toList();
    }

    private GeneratedVideo generate(NDManager owner, Entrant entrant, Pair pair, ProgressListener listener) {
        return pipeline.generate(owner, plan(entrant, pair, warning -> {}), listener);
    }

    /** Runs one short video, to estimate how long runs take. */
    private Timetable timetable() {
        Pair any = conditions.pairs().get(0);
        Entrant brief = Entrant.of("steps:" + Math.min(WARM_UP_STEPS, conditions.steps()), conditions.steps());
        try (NDManager ofPair = memory.newSubManager()) {
            GeneratedVideo video = generate(ofPair, brief, any, ProgressListener.SILENT);
            long start = System.nanoTime();
            for (int i = 0; i <= conditions.reference().stream().count(); i++) {
                folder.measures().between(video.frames(), video.frames());
            }
            double measuring = (System.nanoTime() - start) / NANOS_PER_MS;
            double rest = video.encodeMs() + video.decodeMs() + measuring;
            Timetable times = new Timetable(video.denoiseMs() / video.steps().size(), rest);
            folder.log().runs().forEach(run -> times.add(run.policy(), run.totalMs() + measuring));
            return times;
        }
    }

    /**
     * Checks whether an entrant fits, and runs its first steps if it still has runs to make.
     *
     * @throws IllegalArgumentException if it does not fit
     */
    private CachePolicy begin(Entrant entrant, Consumer<String> warnings) {
        List<Pair> pairs = conditions.pairs();
        VideoPlan plan = plan(entrant, pairs.get(0), warnings);
        pipeline.latents().requireFit(plan);
        if (!pairs.stream().allMatch(pair -> folder.isDone(pair, entrant.name()))) {
            warmUp(entrant, plan);
        }
        return plan.policy();
    }

    private void warmUp(Entrant entrant, VideoPlan plan) {
        line.show("warming up: " + entrant.name());
        try (NDManager ofRun = memory.newSubManager()) {
            pipeline.generate(ofRun, plan, (report, latents) -> {
                if (report.step().index() + 1 >= WARM_UP_STEPS) {
                    throw new CancellationException("warm");
                }
            });
        } catch (CancellationException warm) {
            // Thrown above, since the rest of the video is not needed.
            return;
        }
    }

    private VideoPlan plan(Entrant entrant, Pair pair, Consumer<String> warnings) {
        return settings.video()
                .plan(
                        entrant.contender(),
                        new Prompt(pair.text(), pair.seed()),
                        policies,
                        pipeline.schedulerConfig(),
                        settings.precision(),
                        warnings);
    }

    @Override
    public void close() {
        memory.close();
        folder.measures().close();
        pipeline.close();
    }
}
