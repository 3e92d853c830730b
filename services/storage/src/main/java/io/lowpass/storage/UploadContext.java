package io.lowpass.storage;

import io.lowpass.contracts.Output;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * What all uploads of this process share.
 *
 * @param locks one of which guards the end of an upload, chosen by its place
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

    /** Held by one job at a time of those that write to the place. */
    Lock lock(Output output) {
        return locks.get(Math.floorMod(output.uri().hashCode(), LOCKS));
    }
}
