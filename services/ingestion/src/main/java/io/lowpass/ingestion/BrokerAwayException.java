package io.lowpass.ingestion;

import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Response.Status;
import java.util.Map;

/** The broker did not take a record; the caller may try again. */
final class BrokerAwayException extends ServiceUnavailableException {

    private static final long serialVersionUID = 1L;

    BrokerAwayException(Throwable cause) {
        super(
                JobResource.answer(
                        Status.SERVICE_UNAVAILABLE,
                        Map.of("code", "BROKER.AWAY", "message", String.valueOf(cause.getMessage()))),
                cause);
    }
}
