package io.lowpass.trials.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Topics;
import io.lowpass.trials.chaos.PlannedJob.Channel;
import io.lowpass.trials.processes.ServiceClient;
import io.lowpass.trials.processes.ServiceClient.Answer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A client that follows the README: it retries until it has a response, under the same name. */
final class JobSender implements AutoCloseable {

    private static final int ACCEPTED = 202;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int GONE = 410;
    private static final long BETWEEN_TRIES = 500;
    /** Longer than any fault. */
    private static final int DELIVERY_MILLIS = 300_000;

    private static final String IDEMPOTENCY_KEY = "idempotencyKey";

    private final ServiceClient ingestion;
    private final EventPublisher publisher;

    /** Connects to the broker and the service. */
    JobSender(String bootstrap, ServiceClient ingestion) {
        this.ingestion = ingestion;
        Map<String, Object> settings = new HashMap<>(KafkaSettings.producer(bootstrap));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_MILLIS);
        publisher = new EventPublisher(new KafkaProducer<>(settings));
    }

    /** Sends the job and waits until it is acknowledged. */
    void send(SentJob job) {
        send(job, request(job.plan()));
    }

    /** Sends another request under the job's name. */
    void sendClash(SentJob job) {
        send(job, request(job.plan()).put("prompt", "something else"));
    }

    private static ObjectNode request(PlannedJob plan) {
        ObjectNode request = plan.video().request();
        if (plan.channel() != Channel.KEY) {
            request.put(IDEMPOTENCY_KEY, plan.name());
        }
        return plan.valid() ? request : request.put("steps", -1).put("colour", "blue");
    }

    private void send(SentJob job, ObjectNode request) {
        byte[] body = request.toString().getBytes(StandardCharsets.UTF_8);
        switch (job.plan().channel()) {
            case KEY ->
                send(job, new ProducerRecord<>(Topics.REQUESTS, job.plan().name(), body));
            case RECORD -> send(job, new ProducerRecord<>(Topics.REQUESTS, null, body));
            case HTTP -> post(job, request.toString());
        }
    }

    private void send(SentJob job, ProducerRecord<String, byte[]> record) {
        publisher.send(record).join();
        job.taken();
    }

    private void post(SentJob job, String body) {
        for (; ; ) {
            Answer answer = ask("/jobs", body);
            if (answer.status() == ACCEPTED) {
                job.taken(answer.json().path("jobId").asText());
                return;
            }
            if (answer.status() == BAD_REQUEST || answer.status() == CONFLICT) {
                job.refuse();
                return;
            }
            Await.millis(BETWEEN_TRIES);
        }
    }

    /** Cancels the job, and waits for the acknowledgement or the response. */
    void cancel(SentJob job, String jobId, boolean http) {
        job.askCancel();
        if (!http) {
            publisher.send(shortCancel(jobId)).join();
            return;
        }
        for (; ; ) {
            int status = ask("/jobs/" + jobId + "/cancel", "").status();
            if (status == ACCEPTED || status == CONFLICT || status == NOT_FOUND || status == GONE) {
                return;
            }
            Await.millis(BETWEEN_TRIES);
        }
    }

    /** Key and type are enough. */
    private static ProducerRecord<String, byte[]> shortCancel(String jobId) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.CONTROL, jobId, null);
        record.headers()
                .add(Events.TYPE_HEADER, EventType.CANCEL_REQUESTED.text().getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private Answer ask(String path, String body) {
        try {
            return ingestion.post(path, body);
        } catch (InterruptedException interrupted) {
            throw Await.ended(interrupted);
        }
    }

    @Override
    public void close() {
        publisher.close();
    }
}
