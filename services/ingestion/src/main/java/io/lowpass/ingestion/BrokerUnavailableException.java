package io.lowpass.ingestion;

import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;
import java.util.Map;

/** The broker is away or takes nothing; the caller may try again. */
final class BrokerUnavailableException extends ServiceUnavailableException {

    private static final long serialVersionUID = 1L;

    private static final String CODE = "BROKER.AWAY";

    /** Seconds after which a caller may try again: clients look for a broker more often than that. */
    private static final int RETRY_AFTER = 5;

    private final String problem;

    private BrokerUnavailableException(String code, String message, Throwable cause) {
        super(answer(code, message), cause);
        problem = message;
    }

    /** The broker did not confirm that it has what was sent for the job. */
    static BrokerUnavailableException unconfirmed(String jobId, Duration waited, Throwable cause) {
        return new BrokerUnavailableException(
                CODE,
                "the broker did not confirm within " + waited.toSeconds() + " s that it has what was sent for job "
                        + jobId
                        + " (" + cause.getMessage() + "); it may have it all the same: GET /jobs/" + jobId
                        + " tells, and a request with an idempotencyKey can be sent again without harm",
                cause);
    }

    /** The broker refuses whatever this machine writes, for the time that it bears. */
    static BrokerUnavailableException clockWrong(String jobId, Throwable cause) {
        return new BrokerUnavailableException(
                "CLOCK.WRONG",
                "the broker refuses what was sent for job " + jobId
                        + ", for its time lies too far from the broker's: the"
                        + " clock of this machine or the broker's is wrong, or message.timestamp.before.max.ms and"
                        + " message.timestamp.after.max.ms of the topic are too small (lowpass doctor tells)",
                cause);
    }

    /** What is wrong, in a sentence. */
    String problem() {
        return problem;
    }

    /** What jobs there are is not known yet, for the broker was away when this service started. */
    static Response viewNotThere() {
        return answer(
                CODE, "which jobs there are is not known yet: the broker has not told all of them since this start");
    }

    private static Response answer(String code, String message) {
        return Response.fromResponse(
                        JobResource.answer(Status.SERVICE_UNAVAILABLE, Map.of("code", code, "message", message)))
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER)
                .build();
    }
}
