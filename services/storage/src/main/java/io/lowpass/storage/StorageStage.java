package io.lowpass.storage;

import io.lowpass.streaming.Connections;
import io.lowpass.streaming.Ending;
import io.lowpass.streaming.Stage;
import io.lowpass.streaming.StreamHead;
import io.lowpass.streaming.StreamSession;
import org.jboss.logging.Logger;

/** From the pieces of an MP4 to an object. */
public final class StorageStage implements Stage {

    private static final Logger LOG = Logger.getLogger(StorageStage.class);

    private final ObjectStore store;
    private final Connections connections;
    private final StorageMetrics metrics;

    public StorageStage(ObjectStore store, Connections connections, StorageMetrics metrics) {
        this.store = store;
        this.connections = connections;
        this.metrics = metrics;
    }

    @Override
    public StreamSession open(StreamHead head) {
        LOG.infof(
                "Attempt %d goes to %s",
                head.attempt(), ObjectPath.of(head.job().output()).uri());
        return new UploadSession(head, store, connections, metrics);
    }

    @Override
    public void ended(String jobId, int attempt, Ending ending, String reason) {
        metrics.ended(ending);
        LOG.infof("Attempt %d %s %s", attempt, ending, reason);
    }
}
