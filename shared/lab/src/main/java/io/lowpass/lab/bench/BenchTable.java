package io.lowpass.lab.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The printed table of a benchmark. */
final class BenchTable {

    private static final double GIGA = 1e9;
    private static final double MIB = 1024.0 * 1024.0;

    private BenchTable() {}

    static void progress(PrintWriter out, VideoRun run) {
        out.printf(
                Locale.ROOT,
                "prompt %2d  %-24s %8.0f ms  %6.2f dB%n",
                run.prompt() + 1,
                run.policy(),
                run.totalMs(),
                run.psnr());
        out.flush();
    }

    static void print(PrintWriter out, List<PolicyResult> results) {
        out.printf(
                Locale.ROOT,
                "%n%-24s %8s %10s %10s %8s %8s %9s %7s %9s %8s %7s %7s %9s%n",
                "policy",
                "ms/step",
                "denoise ms",
                "video ms",
                "x denoise",
                "x video",
                "computed",
                "reused",
                "GMACs",
                "PSNR dB",
                "worst",
                "SSIM",
                "peak MiB");
        for (PolicyResult result : results) {
            out.printf(
                    Locale.ROOT,
                    "%-24s %8.2f %10.0f %10.0f %8.2f %8.2f %9.1f %7.1f %9.1f %8.2f %7.2f %7.4f %9.0f%n",
                    result.policy(),
                    result.msPerStep(),
                    result.msPerVideoTransformer(),
                    result.msPerVideo(),
                    result.speedup(),
                    result.speedupVideo(),
                    result.computed(),
                    result.reused(),
                    result.macs() / GIGA,
                    result.psnr(),
                    result.psnrMin(),
                    result.ssim(),
                    result.peakBytes() / MIB);
        }
        out.flush();
    }
}
