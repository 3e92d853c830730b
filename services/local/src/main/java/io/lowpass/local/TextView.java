package io.lowpass.local;

import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Accepted;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.JobEvent.Waiting;
import io.lowpass.contracts.StepCounts;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints events as text: one line that is updated in place on a terminal, otherwise one line per event. */
final class TextView implements JobEventView {

    private static final String ERASE_LINE = "\r\u001b[K";
    private static final List<String> STAGES = List.of("queued", "text", "denoise", "decode", "upload", "total");

    private final PrintWriter out;
    private final OptionalInt terminalWidth;
    private boolean lineOpen;

    /** Writes to {@code out}, which is a terminal if its width is known. */
    TextView(PrintWriter out, OptionalInt terminalWidth) {
        this.out = out;
        this.terminalWidth = terminalWidth;
    }

    @Override
    public void show(JobEvent event) {
        if (event instanceof Progress progress) {
            show(progress);
        } else {
            endLine();
            lines(event).forEach(out::println);
        }
        out.flush();
    }

    private void show(Progress progress) {
        if (terminalWidth.isPresent()) {
            // The last column stays free, because a terminal that wraps there would show a second line.
            out.print(ERASE_LINE + ProgressLine.live(progress, terminalWidth.getAsInt() - 1));
            lineOpen = true;
        } else {
            out.println(ProgressLine.plain(progress));
        }
    }

    /** Ends the line that is updated in place. */
    private void endLine() {
        if (lineOpen) {
            out.print(ERASE_LINE);
            lineOpen = false;
        }
    }

    private static Stream<String> lines(JobEvent event) {
        if (event instanceof Accepted accepted) {
            return Stream.of(accepted(accepted));
        }
        if (event instanceof Started started) {
            return started.attempt() > 1
                    ? Stream.of("attempt " + started.attempt() + " by " + started.worker())
                    : Stream.empty();
        }
        if (event instanceof Waiting waiting) {
            return Stream.of(waiting(waiting));
        }
        if (event instanceof Rejected rejected) {
            return rejected.errors().stream().map(TextView::error);
        }
        if (event instanceof Failed failed) {
            return Stream.of(failed(failed));
        }
        if (event instanceof Cancelled cancelled) {
            return Stream.of("cancelled after step " + cancelled.atStep());
        }
        return event instanceof Completed completed ? completed(completed) : Stream.empty();
    }

    private static String waiting(Waiting waiting) {
        return (waiting.over() ? "continues after: " : "waits: ") + waiting.reason();
    }

    private static String failed(Failed failed) {
        String end = failed.willRetry() ? "; trying again" : "";
        return "failed (" + failed.error().errorClass() + ", " + failed.error().code() + "): "
                + failed.error().message() + end;
    }

    private static String accepted(Accepted accepted) {
        var job = accepted.job();
        OptionalDouble second = job.number("guidanceScale2");
        String later = second.isPresent() ? ", then " + number(second.getAsDouble()) : "";
        return String.format(
                Locale.ROOT,
                "job %s: model %s, %s, %d frames at %d fps, %d steps of %s, guidance %s%s, seed %d",
                job.jobId(),
                job.model(),
                job.size(),
                job.numFrames(),
                job.fps(),
                job.steps(),
                job.scheduler(),
                number(job.guidanceScale()),
                later,
                job.seed());
    }

    /** Formats a number without needless decimals. */
    private static String number(double value) {
        return String.valueOf(value).replaceFirst("\\.0$", "");
    }

    private static String error(FieldError error) {
        return error.field() + " " + error.value() + ": " + error.allowed();
    }

    private static Stream<String> completed(Completed completed) {
        StepCounts steps = completed.cache();
        var video = completed.output();
        String times = STAGES.stream()
                .map(stage -> completed.timings().containsKey(stage)
                        ? String.format(
                                Locale.ROOT,
                                "%s %.1f s",
                                stage,
                                Objects.requireNonNull(completed.timings().get(stage)) / 1000.0)
                        : "")
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return Stream.of(
                String.format(
                        Locale.ROOT,
                        "%s: %dx%d, %d frames at %d fps, %d bytes",
                        video.uri(),
                        video.width(),
                        video.height(),
                        video.frames(),
                        video.fps(),
                        video.bytes()),
                times,
                String.format(
                        Locale.ROOT,
                        "%d steps: %d computed, %d reused, %d forecast",
                        steps.steps(),
                        steps.computed(),
                        steps.reused(),
                        steps.forecast()));
    }
}
