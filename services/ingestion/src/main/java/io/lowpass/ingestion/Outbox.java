package io.lowpass.ingestion;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventPublisher;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Sends what comes in over HTTP on its way. */
@ApplicationScoped
public class Outbox {

    private final EventPublisher publisher;

    Outbox(@ConfigProperty(name = "kafka.bootstrap.servers", defaultValue = "localhost:9092") String bootstrapServers) {
        publisher = EventPublisher.to(bootstrapServers);
    }

    /**
     * Sends the event and waits until it is safe.
     *
     * @throws BrokerAwayException if the broker does not take it
     */
    void send(Event event) {
        try {
            publisher.send(event).join();
        } catch (CompletionException e) {
            throw new BrokerAwayException(e);
        }
    }

    @PreDestroy
    void close() {
        publisher.close();
    }
}
