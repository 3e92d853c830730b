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

    private final Workplace workplace;
    private final Connections connections;

    StorageStage(Workplace workplace, Connections connections) {
        this.workplace = workplace;
        this.connections = connections;
    }

    @Override
    public StreamSession open(StreamHead head) {
        LOG.infof(
                "Attempt %d goes to %s",
                head.attempt(), ObjectPath.of(head.job().output()).uri());
        return new UploadSession(head, workplace, connections);
    }

    @Override
    public void ended(String jobId, int attempt, Ending ending, String reason) {
        workplace.waits().forget(jobId);
        workplace.metrics().ended(ending);
        LOG.infof("Attempt %d %s %s", attempt, ending, reason);
    }
}
