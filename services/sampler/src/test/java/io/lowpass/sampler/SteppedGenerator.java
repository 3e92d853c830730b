package io.lowpass.sampler;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.StepCounts;
import io.lowpass.diffusion.ProgressListener;
import io.lowpass.diffusion.Step;
import io.lowpass.diffusion.StepDecision;
import io.lowpass.diffusion.StepReport;
import io.lowpass.diffusion.Work;
import java.time.Duration;
import java.util.Map;

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
    public long memoryFor(Job job) {
        return (long) job.size().width() * job.size().height() * job.numFrames();
    }

    @Override
    public Latents generate(Job job, ProgressListener listener) {
        for (int i = 0; i < job.steps(); i++) {
            try {
                action.run(job, i);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            Step step = new Step(i, job.steps(), 1000, 1, 0.5);
            try (var latents = memory.zeros(new Shape(1))) {
                listener.onStep(
                        new StepReport(step, Duration.ofMillis(1), StepDecision.computed("test"), Work.NONE), latents);
            }
        }
        return new Latents(
                memory.arange(2 * 3 * 4 * 5f).reshape(1, 2, 3, 4, 5),
                Map.of("text", 1L, "denoise", 2L),
                new StepCounts(job.steps(), job.steps(), 0, 0));
    }

    @Override
    public void close() {
        memory.close();
    }
}
