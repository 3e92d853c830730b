package io.lowpass.lab.evaluate;

import io.lowpass.lab.statistics.Summary.Better;
import java.util.Optional;

/** A metric of a run, alone or relative to the uncached run of the same pair. */
enum Metric {
    MACS("MACs", "G", 1, Better.LOWER, (run, uncached) -> Optional.of(run.macs() / 1e9)),
    LATENCY("Latency", "s", 2, Better.LOWER, (run, uncached) -> Optional.of(run.totalMs() / 1e3)),
    SPEEDUP("Speed-up", "×", 2, Better.HIGHER, (run, uncached) -> Optional.of(uncached.totalMs() / run.totalMs())),
    DENOISING("Denoising time", "s", 2, Better.LOWER, (run, uncached) -> Optional.of(run.denoiseMs() / 1e3)),
    DENOISING_SPEEDUP(
            "Speed-up of denoising",
            "×",
            2,
            Better.HIGHER,
            (run, uncached) -> Optional.of(uncached.denoiseMs() / run.denoiseMs())),
    EQUIVALENTS(
            "Full-step equivalents",
            "",
            1,
            Better.LOWER,
            (run, uncached) -> Optional.of(run.macs() / (uncached.macs() / uncached.steps()))),
    COMPUTED("Computed steps", "", 1, Better.LOWER, (run, uncached) -> Optional.of((double) run.computed())),
    PSNR(
            "PSNR",
            "dB",
            2,
            Better.HIGHER,
            (run, uncached) -> Optional.of(run.uncached().psnr())),
    SSIM(
            "SSIM",
            "",
            4,
            Better.HIGHER,
            (run, uncached) -> Optional.of(run.uncached().ssim())),
    LPIPS("LPIPS", "", 4, Better.LOWER, (run, uncached) -> run.uncached().lpips()),
    FINE_PSNR(
            "PSNR to the finer run",
            "dB",
            2,
            Better.HIGHER,
            (run, uncached) -> run.fine().map(Fidelity::psnr)),
    FINE_SSIM(
            "SSIM to the finer run",
            "",
            4,
            Better.HIGHER,
            (run, uncached) -> run.fine().map(Fidelity::ssim)),
    FINE_LPIPS(
            "LPIPS to the finer run",
            "",
            4,
            Better.LOWER,
            (run, uncached) -> run.fine().flatMap(Fidelity::lpips)),
    MEMORY("Peak memory", "MiB", 0, Better.LOWER, (run, uncached) -> Optional.of(run.peakBytes() / 1048576.0));

    private final String title;
    private final String unit;
    private final int digits;
    private final Better better;

    @SuppressWarnings("ImmutableEnumChecker") // the readers hold nothing
    private final Reader reader;

    @FunctionalInterface
    private interface Reader {

        Optional<Double> of(RunRecord run, RunRecord uncached);
    }

    Metric(String title, String unit, int digits, Better better, Reader reader) {
        this.title = title;
        this.unit = unit;
        this.digits = digits;
        this.better = better;
        this.reader = reader;
    }

    /** The value, if it was measured. */
    Optional<Double> of(RunRecord run, RunRecord uncached) {
        return reader.of(run, uncached);
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    /** Number of decimals shown. */
    int digits() {
        return digits;
    }

    Better better() {
        return better;
    }

    /** Whether it compares a video with the uncached one, which is meaningless for the uncached run itself. */
    boolean isFidelity() {
        return this == PSNR || this == SSIM || this == LPIPS;
    }

    /** Title and unit. */
    String label() {
        return unit.isEmpty() ? title : title + ", " + unit;
    }
}
