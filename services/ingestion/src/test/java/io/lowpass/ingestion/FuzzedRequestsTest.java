package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.ingestion.Admission.Decision;
import io.lowpass.testing.SampleRequests;
import io.lowpass.testing.SampleRequests.SampleRequest;
import io.lowpass.testing.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever a client sends, it is a job or a rejection, and what is told of either fits its topic. */
class FuzzedRequestsTest {

    /** Kafka's default limit of a record, less what headers take. */
    private static final int LARGEST = (1 << 20) - 4096;

    private static Admission admission() {
        Clock clock = Clock.systemUTC();
        return new Admission(
                new RequestValidation(ModelCatalogue.SHIPPED, "videos", clock, new SplittableRandom(1)),
                new JobViews(new EndedJobs.Retention(10, Duration.ofDays(1)), clock));
    }

    @Test
    void everyRequestIsDecided() {
        List<byte[]> good = Stream.concat(SampleRequests.good().stream(), SampleRequests.bad().stream())
                .map(SampleRequest::body)
                .filter(body -> body.length < LARGEST / 4)
                .toList();
        new Fuzz("requests", good, List.of()).check(body -> decided(Optional.of("job-1"), body));
    }

    @Test
    void everyNameIsDecided() {
        List<byte[]> good =
                List.of("job-1".getBytes(StandardCharsets.UTF_8), "a_B.c-9".getBytes(StandardCharsets.UTF_8));
        byte[] body = "{\"prompt\": \"a red ball\"}".getBytes(StandardCharsets.UTF_8);
        new Fuzz("names", good, List.of())
                .check(key -> decided(Optional.of(new String(key, StandardCharsets.UTF_8)), body));
    }

    private static void decided(Optional<String> key, byte[] body) {
        Decision decision = admission().decide(key, body);
        for (Event event : Admission.events(decision, Instant.now())) {
            byte[] value = Events.record(event).value();
            assertThat(value).hasSizeLessThan(LARGEST);
            assertThat(EventJson.read(new String(value, StandardCharsets.UTF_8), event.getClass()))
                    .isEqualTo(event);
        }
    }
}
