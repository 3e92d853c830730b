package io.lowpass.storage;

import io.lowpass.streaming.Connections;
import io.lowpass.streaming.Ending;
import io.lowpass.streaming.PipelineStage;
import io.lowpass.streaming.StreamHead;
import io.lowpass.streaming.StreamSession;
import org.jboss.logging.Logger;

/** Stores the fragments of an MP4 as an object. */
public final class StorageStage implements PipelineStage {

    private static final Logger LOG = Logger.getLogger(StorageStage.class);

    private final UploadContext context;
    private final Connections connections;

    StorageStage(UploadContext context, Connections connections) {
        this.context = context;
        this.connections = connections;
    }

    @Override
    public StreamSession open(StreamHead head) {
        LOG.infof(
                "Attempt %d goes to %s",
                head.attempt(), ObjectPath.of(head.job().output()).uri());
        return new UploadSession(head, context, connections);
    }

    @Override
    public void ended(String jobId, int attempt, Ending ending, String reason) {
        context.waiting().forget(jobId);
        context.metrics().ended(ending);
        LOG.infof("Attempt %d %s %s", attempt, ending, reason);
    }
}
