package io.lowpass.sampler;

import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.WorkerKind;
import io.lowpass.streaming.JobEnds;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.WorkerStatePublisher;
import io.lowpass.testing.kafka.JavaProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** A worker in a process of its own, which can be killed. */
public final class WorkerProcess {

    private WorkerProcess() {}

    /** Starts a process whose worker takes 100 ms for each step. */
    static Process start(String bootstrap) {
        return JavaProcess.start(WorkerProcess.class, bootstrap);
    }

    /** Runs a worker on the broker named by the argument until the process is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        String bootstrap = arguments[0];
        SamplerMetrics metrics = new SamplerMetrics(new SimpleMeterRegistry());
        LoadedModels models = new LoadedModels(MemoryBudget.of(Long.MAX_VALUE), Long.MAX_VALUE, metrics);
        models.add("m", ScriptedLoader.of(0, room -> SteppedGenerator.ofMillis(100)), Runnable::run)
                .join();
        SharedState sharedState = SharedState.of(bootstrap, "process");
        EventPublisher sender = EventPublisher.to(bootstrap);
        JobRunner runner = new JobRunner(
                models,
                sharedState,
                new JobPublisher(sender, new JobEnds(bootstrap, sharedState.states())),
                metrics,
                new RetryRules(3, Duration.ofMillis(50)));
        WorkerStatePublisher workerState =
                new WorkerStatePublisher("process", WorkerKind.SAMPLER, sender, models::states, Duration.ofMinutes(1));
        SamplerWorker worker = new SamplerWorker("process", bootstrap, runner, workerState);
        Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
        sharedState.catchUp();
        worker.start();
        Thread.currentThread().join();
    }
}
