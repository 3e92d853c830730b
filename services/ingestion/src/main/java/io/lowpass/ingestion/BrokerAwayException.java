package io.lowpass.ingestion;

import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;
import java.util.Map;

/** The broker is away; the caller may try again. */
final class BrokerAwayException extends ServiceUnavailableException {

    private static final long serialVersionUID = 1L;

    /** Seconds after which a caller may try again: clients look for a broker more often than that. */
    private static final int RETRY_AFTER = 5;

    private BrokerAwayException(String message, Throwable cause) {
        super(answer(message), cause);
    }

    /** The broker did not confirm that it has what was sent for the job. */
    static BrokerAwayException unconfirmed(String jobId, Duration waited, Throwable cause) {
        return new BrokerAwayException(
                "the broker did not confirm within " + waited.toSeconds() + " s that it has what was sent for job "
                        + jobId
                        + " (" + cause.getMessage() + "); it may have it all the same: GET /jobs/" + jobId
                        + " tells, and a request with an idempotencyKey can be sent again without harm",
                cause);
    }

    /** What jobs there are is not known yet, for the broker was away when this service started. */
    static Response viewNotThere() {
        return answer("which jobs there are is not known yet: the broker has not told all of them since this start");
    }

    private static Response answer(String message) {
        return Response.fromResponse(JobResource.answer(
                        Status.SERVICE_UNAVAILABLE, Map.of("code", "BROKER.AWAY", "message", message)))
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER)
                .build();
    }
}
