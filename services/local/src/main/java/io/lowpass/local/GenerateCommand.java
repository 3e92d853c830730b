package io.lowpass.local;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.cli.Terminal;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.contracts.JobRequested;
import io.lowpass.contracts.request.RequestOutcome;
import io.lowpass.contracts.request.RequestOutcome.Refused;
import io.lowpass.contracts.request.RequestOutcome.Taken;
import io.lowpass.local.LocalStack.Ports;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Generates one video: starts the stack, sends a request through Kafka, follows the job to its end, and fetches the
 * result.
 */
@Command(
        name = "generate",
        description = "Generates one video through all services, then exits.",
        modelTransformer = RequestOptions.Added.class,
        mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {

    @Mixin
    private RequestOptions wanted;

    @Mixin
    private StackOptions options;

    @Option(names = "--out", paramLabel = "FILE", description = "file for the MP4 (default: it stays in the bucket)")
    private Optional<Path> out;

    @Option(names = "--json", description = "print only the job's events, as lines of JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Models models = options.models();
        if (models.folders().size() > 1) {
            throw new ParameterException(spec.commandLine(), "--model is given twice, allowed is one model per video");
        }
        ObjectNode request = request(models);
        Job job = validated(models, request);
        requireWritable();
        PrintWriter terminal = spec.commandLine().getOut();
        JobEventView view = json ? new JsonView(terminal) : new TextView(terminal, Terminal.width());
        try (LocalStack stack = LocalStack.start(options, models, Ports.FREE)) {
            JobEvent end = run(stack, job.jobId(), request, view);
            if (end instanceof Completed completed) {
                deliver(stack, completed, terminal);
                return CommandLine.ExitCode.OK;
            }
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private ObjectNode request(Models models) {
        try {
            PrintWriter errors = spec.commandLine().getErr();
            ObjectNode request = wanted.request(models.card(), errors::println);
            errors.flush();
            return request;
        } catch (IllegalArgumentException | UncheckedIOException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /** Validates the request before anything is started, so that a mistyped option costs no time. */
    private Job validated(Models models, ObjectNode request) {
        RequestOutcome outcome = models.rules().decide(Optional.empty(), EventJson.bytes(request));
        if (outcome instanceof Refused refused) {
            throw new ParameterException(spec.commandLine(), explain(refused.errors()));
        }
        Job job = ((Taken) outcome).job();
        try {
            models.requireVideo(job);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        return job;
    }

    private static String explain(List<FieldError> errors) {
        return errors.stream()
                .map(error -> option(error.field()) + " " + quoted(error.value()) + " is not allowed: "
                        + error.allowed() + " (" + error.code() + ")")
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String option(String field) {
        int dot = field.indexOf('.');
        String top = dot < 0 ? field : field.substring(0, dot);
        String option = RequestOptions.OPTION_OF_FIELD.getOrDefault(top, top);
        return dot < 0 ? option : option + " " + field.substring(dot + 1);
    }

    private static String quoted(String value) {
        return value.isEmpty() ? "''" : value;
    }

    private void requireWritable() {
        out.map(Path::toAbsolutePath)
                .map(Path::getParent)
                .filter(folder -> !Files.isWritable(folder))
                .ifPresent(folder -> {
                    throw new ParameterException(
                            spec.commandLine(),
                            "--out '" + out.get() + "' is not allowed: a file in a folder that"
                                    + " exists and can be written");
                });
    }

    private static JobEvent run(LocalStack stack, String jobId, ObjectNode request, JobEventView view) {
        try (JobEvents events = new JobEvents(stack.bootstrap(), jobId, false);
                EventPublisher publisher = EventPublisher.to(stack.bootstrap())) {
            CompletableFuture<Void> ended = stack.whileRunning(() -> publisher
                    .send(new CancelRequested(jobId, Instant.now(), "interrupted"))
                    .join());
            Map<String, Object> fields =
                    EventJson.mapper().convertValue(request, new TypeReference<Map<String, Object>>() {});
            publisher.send(new JobRequested(jobId, Instant.now(), fields)).join();
            try {
                return follow(stack, events, view);
            } finally {
                ended.complete(null);
            }
        }
    }

    private static JobEvent follow(LocalStack stack, JobEvents events, JobEventView view) {
        while (true) {
            for (JobEvent event : events.next()) {
                view.show(event);
                if (event.isTerminal()) {
                    return event;
                }
            }
            stack.requireHealthy();
        }
    }

    private void deliver(LocalStack stack, Completed completed, PrintWriter terminal) {
        Path file = out.orElseGet(() -> stack.file(completed.output()));
        out.ifPresent(target -> stack.fetch(completed.output(), target));
        if (!json) {
            terminal.println("the video is in " + file);
            terminal.flush();
        }
    }
}
