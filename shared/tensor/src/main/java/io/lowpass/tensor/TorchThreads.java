package io.lowpass.tensor;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.ThreadFactory;

/**
 * The libtorch settings of a worker thread. They are per thread, and the defaults of a new thread are meant for
 * training.
 *
 * @param intraOp number of threads for one operation, at least 1
 */
public record TorchThreads(int intraOp) {

    /** Checks the number of threads. */
    public TorchThreads {
        if (intraOp < 1) {
            throw new IllegalArgumentException("torch threads " + intraOp + " is not at least 1");
        }
    }

    /** One thread per processor. */
    public static TorchThreads ofMachine() {
        return new TorchThreads(Runtime.getRuntime().availableProcessors());
    }

    /** Configures the calling thread: its thread count, no autograd, no profiling of kernels. */
    public void prepare() {
        Engine.getEngine("PyTorch"); // loads the library on its first use in the process
        JniUtils.setNumThreads(intraOp);
        JniUtils.setGradMode(false);
        JniUtils.setGraphExecutorOptimize(false);
    }

    /** Creates daemon threads that are configured before they run anything. */
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
