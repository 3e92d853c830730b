package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged local stack, stopped or killed, and started again on its data directory. */
class RestartIT {

    @TempDir
    private Path data;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    void theStackKeepsItsJobsAndVideosAndDoesWhatWasLeft(String signal) throws Exception {
        try (ServedStack stack = new ServedStack(data)) {
            // Given: a job that is done, one that is under way, and one that waits
            stack.awaitReady();
            String done = stack.submit(request("a red ball", 2));
            stack.awaitState(done, "completed");
            byte[] video = stack.get("/videos/" + done).body();
            String running = stack.submit(request("a green ball", 200));
            String waiting = stack.submit(request("a blue ball", 2));
            stack.awaitState(running, "running");

            // When
            stack.restartAfter(signal);

            // Then
            assertThat(stack.job(done).path("state").asText()).isEqualTo("completed");
            assertThat(stack.job(done).path("video").asText()).isEqualTo("/videos/" + done);
            assertThat(video).isNotEmpty();
            await().atMost(ServedStack.LONG)
                    .untilAsserted(() ->
                            assertThat(stack.get("/videos/" + done).body()).isEqualTo(video));
            for (String left : List.of(running, waiting)) {
                stack.awaitState(left, "completed");
                assertThat(stack.get("/videos/" + left).statusCode()).isEqualTo(200);
            }
            // An orderly stop hands the job back, which costs no attempt. Whether the end of a run was noted depends on
            // what is killed first.
            int attempt = stack.job(running).path("attempt").asInt();
            assertThat(attempt).isBetween(1, signal.equals("TERM") ? 1 : 2);
        }
    }

    private static String request(String prompt, int steps) {
        return "{\"prompt\": \"" + prompt + "\", \"size\": \"64x48\", \"numFrames\": 5, \"steps\": " + steps + "}";
    }
}
