package io.lowpass.ingestion;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.fields.Violation;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Publishes requests that arrive over HTTP. */
@ApplicationScoped
public class RequestPublisher {

    private static final Logger LOG = Logger.getLogger(RequestPublisher.class);

    private final EventPublisher publisher;
    private final Duration patience;

    RequestPublisher(
            @ConfigProperty(name = "kafka.bootstrap.servers", defaultValue = "localhost:9092") String bootstrapServers,
            IngestionSettings settings) {
        patience = settings.brokerPatience();
        publisher = new EventPublisher(new KafkaProducer<>(producer(bootstrapServers, patience)));
    }

    /** A client is waiting: an unavailable broker must be reported soon. */
    private static Map<String, Object> producer(String bootstrapServers, Duration patience) {
        int millis = Math.toIntExact(patience.toMillis());
        Map<String, Object> config = new HashMap<>(KafkaSettings.producer(bootstrapServers));
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return config;
    }

    /**
     * Sends the event and waits for the acknowledgement.
     *
     * @throws ClientErrorException if it is too large for its topic
     * @throws BrokerUnavailableException if the broker does not acknowledge it in time
     */
    void send(Event event) {
        try {
            publisher.send(event).join();
        } catch (CompletionException e) {
            Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
            if (cause instanceof RecordTooLargeException) {
                throw new ClientErrorException(JobResource.answer(
                        Status.REQUEST_ENTITY_TOO_LARGE,
                        Map.of(
                                "code",
                                Violation.TOO_LARGE.code(),
                                "message",
                                "the request is too large for the broker")));
            }
            BrokerUnavailableException answer = cause instanceof InvalidTimestampException
                    ? BrokerUnavailableException.clockWrong(event.subject(), cause)
                    : BrokerUnavailableException.unconfirmed(event.subject(), patience, cause);
            LOG.warn(answer.problem());
            throw answer;
        }
    }

    @PreDestroy
    void close() {
        publisher.close();
    }
}
