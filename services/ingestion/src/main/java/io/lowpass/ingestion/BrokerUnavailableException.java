package io.lowpass.ingestion;

import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;
import java.util.Map;

/** The broker is unavailable or rejects records; the caller may retry. */
final class BrokerUnavailableException extends ServiceUnavailableException {

    private static final long serialVersionUID = 1L;

    private static final String CODE = "BROKER.AWAY";

    /** Seconds after which the caller may retry. */
    private static final int RETRY_AFTER = 5;

    private final String problem;

    private BrokerUnavailableException(String code, String message, Throwable cause) {
        super(answer(code, message), cause);
        problem = message;
    }

    /** The broker did not acknowledge what was sent for the job. */
    static BrokerUnavailableException unconfirmed(String jobId, Duration waited, Throwable cause) {
        return new BrokerUnavailableException(
                CODE,
                "the broker did not acknowledge job " + jobId + " within " + waited.toSeconds() + " s ("
                        + cause.getMessage() + "); it may have received it: check with GET /jobs/" + jobId
                        + "; a request with an idempotencyKey can be sent again safely",
                cause);
    }

    /** The broker rejects the timestamps of this machine. */
    static BrokerUnavailableException clockWrong(String jobId, Throwable cause) {
        return new BrokerUnavailableException(
                "CLOCK.WRONG",
                "the broker rejects job " + jobId
                        + ", because its timestamp differs too much from the broker's clock: the clock of this"
                        + " machine or of the broker is wrong, or message.timestamp.before.max.ms and"
                        + " message.timestamp.after.max.ms of the topic are too small (see: lowpass doctor)",
                cause);
    }

    /** Describes the problem. */
    String problem() {
        return problem;
    }

    /** The jobs are not known yet, since the broker was unavailable when this service started. */
    static Response jobsNotKnown() {
        return answer(
                CODE, "the jobs are not known yet: this service has not read them all from the broker since its start");
    }

    private static Response answer(String code, String message) {
        return Response.fromResponse(
                        JobResource.answer(Status.SERVICE_UNAVAILABLE, Map.of("code", code, "message", message)))
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER)
                .build();
    }
}
