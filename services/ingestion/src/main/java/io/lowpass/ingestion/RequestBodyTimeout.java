package io.lowpass.ingestion;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response.Status;

/** Closes connections of clients that do not send their whole request in time, with 408. */
@ApplicationScoped
public class RequestBodyTimeout {

    private static final int BEFORE_OTHERS = 1_000;

    private final Vertx vertx;
    private final long millis;

    RequestBodyTimeout(Vertx vertx, IngestionSettings settings) {
        this.vertx = vertx;
        this.millis = settings.bodyPatience().toMillis();
    }

    void install(@Observes Filters filters) {
        filters.register(this::watch, BEFORE_OTHERS);
    }

    private void watch(RoutingContext http) {
        if (!http.request().isEnded()) {
            long timer = vertx.setTimer(millis, id -> letGo(http));
            http.addEndHandler(end -> vertx.cancelTimer(timer));
        }
        http.next();
    }

    private static void letGo(RoutingContext http) {
        // Once the request is complete, the response may take long, as an event stream does.
        if (http.request().isEnded() || http.response().headWritten()) {
            return;
        }
        http.response()
                .setStatusCode(Status.REQUEST_TIMEOUT.getStatusCode())
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end()
                .onComplete(sent -> http.request().connection().close());
    }
}
