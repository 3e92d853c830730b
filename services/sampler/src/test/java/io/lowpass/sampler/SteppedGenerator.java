package io.lowpass.sampler;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.contracts.Job;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepReport;
import io.lowpass.generation.Latents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes the job's number of steps, each as long as the test wants, to latents that count from 0. */
final class SteppedGenerator implements Generator, AutoCloseable {

    private final NDManager memory = NDManager.newBaseManager();
    private final StepAction action;

    /** What a step does. */
    interface StepAction {
        void run(Job job, int step) throws InterruptedException;
    }

    SteppedGenerator(StepAction action) {
        this.action = action;
    }

    static SteppedGenerator ofMillis(long millis) {
        return new SteppedGenerator((job, step) -> Thread.sleep(millis));
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public PlannedVideo plan(Job job) {
        return new PlannedVideo() {
            @Override
            public long memory() {
                return (long) job.size().width() * job.size().height() * job.numFrames();
            }

            @Override
            public Latents generate(ProgressListener listener) {
                return run(job, listener);
            }
        };
    }

    private Latents run(Job job, ProgressListener listener) {
        List<StepReport> reports = new ArrayList<>();
        for (int i = 0; i < job.steps(); i++) {
            try {
                action.run(job, i);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            Step step = new Step(i, job.steps(), 1000, 1, 0.5);
            StepReport report = new StepReport(step, Duration.ofMillis(1), StepDecision.computed("test"), Work.NONE);
            reports.add(report);
            try (var latents = memory.zeros(new Shape(1))) {
                listener.onStep(report, latents);
            }
        }
        return new Latents(memory.arange(2 * 3 * 4 * 5f).reshape(1, 2, 3, 4, 5), reports, 1, 2);
    }

    @Override
    public void close() {
        memory.close();
    }
}
