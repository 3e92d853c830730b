package io.lowpass.storage;

import io.lowpass.contracts.Output;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Shared by all uploads of this process.
 *
 * @param locks guard the completion of uploads; one is chosen by location
 */
record UploadContext(ObjectStore store, WaitingUploads waiting, StorageMetrics metrics, List<Lock> locks) {

    private static final int LOCKS = 64;

    UploadContext(ObjectStore store, WaitingUploads waiting, StorageMetrics metrics) {
        this(
                store,
                waiting,
                metrics,
                Stream.<Lock>generate(ReentrantLock::new).limit(LOCKS).toList());
    }

    /** The lock for jobs that write to the location. */
    Lock lock(Output output) {
        return locks.get(Math.floorMod(output.uri().hashCode(), LOCKS));
    }
}
