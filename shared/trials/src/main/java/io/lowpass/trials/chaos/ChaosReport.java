package io.lowpass.trials.chaos;

import io.lowpass.trials.chaos.JobChecks.Outcome;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The report of a run.
 *
 * @param schedule the schedule
 * @param skipped faults that could not be injected here, with reasons
 * @param outcomes number of jobs by outcome
 * @param recoverySeconds median time from a kill to the next useful work, by server
 * @param seconds time from the first job until everything had settled
 */
record ChaosReport(
        Schedule schedule,
        List<String> skipped,
        Map<Outcome, Integer> outcomes,
        Findings findings,
        Map<String, Double> recoverySeconds,
        double seconds) {

    /** Whether no check failed. */
    boolean isClean() {
        return findings.isEmpty();
    }

    /** The values, by name. */
    Map<String, Object> figures() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("jobs", schedule.jobs().size());
        outcomes.forEach((outcome, count) -> json.put(outcome.toString(), count));
        for (Findings.Violation kind : Findings.Violation.values()) {
            json.put(kind.toString(), findings.of(kind).size());
        }
        json.put("recoverySeconds", recoverySeconds);
        json.put("seed", schedule.seed());
        json.put("seconds", seconds);
        json.put("faults", faults());
        json.put("skipped", skipped);
        Map<String, Object> details = new LinkedHashMap<>();
        for (Findings.Violation kind : Findings.Violation.values()) {
            details.put(kind.toString(), findings.of(kind));
        }
        json.put("details", details);
        return json;
    }

    private Map<String, Integer> faults() {
        Map<String, Integer> faults = new TreeMap<>();
        schedule.faults().forEach(fault -> faults.merge(fault.kind().toString(), 1, Integer::sum));
        faults.put(FaultKind.CANCEL.toString(), (int)
                schedule.jobs().stream().filter(job -> job.cancel().isPresent()).count());
        faults.put(
                FaultKind.DUPLICATES.toString(),
                schedule.jobs().stream()
                        .mapToInt(job -> job.repeats().size() + (job.clash() ? 1 : 0))
                        .sum());
        return faults;
    }

    /** Prints a table and, if a check failed, the findings and the schedule. */
    void print(PrintWriter out) {
        skipped.forEach(why -> out.println("skipped: " + why));
        out.printf(
                Locale.ROOT,
                "seed %d, %d jobs, %.0f s, faults %s%n",
                schedule.seed(),
                schedule.jobs().size(),
                seconds,
                faults());
        outcomes.forEach((outcome, count) -> row(out, outcome.toString(), count));
        for (Findings.Violation kind : Findings.Violation.values()) {
            row(out, kind.toString(), findings.of(kind).size());
        }
        recoverySeconds.forEach(
                (server, time) -> out.printf(Locale.ROOT, "  recovery of %-10s %6.1f s%n", server, time));
        if (!isClean()) {
            out.println("The schedule:");
            schedule.lines().forEach(line -> out.println("  " + line));
            out.println("What was found:");
            for (Findings.Violation kind : Findings.Violation.values()) {
                findings.of(kind).forEach(line -> out.println("  " + kind + ": " + line));
            }
        }
        out.flush();
    }

    private static void row(PrintWriter out, String name, int count) {
        out.printf(Locale.ROOT, "  %-10s %6d%n", name, count);
    }
}
