package io.lowpass.tensor;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.ThreadFactory;

/**
 * How a worker thread uses libtorch. Its settings are per thread, and those of a new thread are meant for training.
 *
 * @param intraOp threads that one operation may use, at least 1
 */
public record TorchThreads(int intraOp) {

    /** Checks the number of threads. */
    public TorchThreads {
        if (intraOp < 1) {
            throw new IllegalArgumentException("torch threads " + intraOp + " is not at least 1");
        }
    }

    /** As many threads as there are processors. */
    public static TorchThreads ofMachine() {
        return new TorchThreads(Runtime.getRuntime().availableProcessors());
    }

    /** Sets up the calling thread: its thread count, nothing recorded for autograd, no profiling of kernels. */
    public void prepare() {
        Engine.getEngine("PyTorch"); // loads the library on its first use in the process
        JniUtils.setNumThreads(intraOp);
        JniUtils.setGradMode(false);
        JniUtils.setGraphExecutorOptimize(false);
    }

    /** Makes daemon threads of a name that are set up before they run anything. */
    public ThreadFactory factory(String name) {
        return task -> {
            Thread thread = new Thread(
                    () -> {
                        prepare();
                        task.run();
                    },
                    name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
