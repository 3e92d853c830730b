package io.lowpass.sampler;

import io.lowpass.contracts.EventPublisher;
import io.lowpass.sampler.JobRunner.RetryRules;
import io.lowpass.streaming.JobEnds;
import io.lowpass.streaming.JobStates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A worker in a process of its own, which can be killed. */
public final class WorkerProcess {

    private WorkerProcess() {}

    /** Starts a process whose worker takes 100 ms for each step. */
    static Process start(String bootstrap) {
        try {
            return new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            WorkerProcess.class.getName(),
                            bootstrap))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Runs a worker on the broker named by the argument until the process is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        String bootstrap = arguments[0];
        SamplerMetrics metrics = new SamplerMetrics(new SimpleMeterRegistry());
        LoadedModels models = new LoadedModels(MemoryBudget.of(Long.MAX_VALUE), metrics);
        models.add("m", () -> SteppedGenerator.ofMillis(100), Runnable::run).join();
        JobStates states = new JobStates(bootstrap, "sampler");
        JobRunner runner = new JobRunner(
                models,
                states,
                new Outbox(EventPublisher.to(bootstrap), new JobEnds(bootstrap, states)),
                metrics,
                new RetryRules(3, Duration.ofMillis(50)));
        new SamplerWorker("process", bootstrap, runner).start();
        Thread.currentThread().join();
    }
}
