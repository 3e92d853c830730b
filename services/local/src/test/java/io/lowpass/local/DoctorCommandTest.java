package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private record Said(int code, String text) {}

    private static Said doctor(String... arguments) {
        StringWriter said = new StringWriter();
        String[] all = new String[arguments.length + 1];
        all[0] = "doctor";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int code = Lowpass.commandLine()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(all);
        return new Said(code, said.toString());
    }

    @Test
    void whatIsWrongIsToldAndMended() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            // Given: a topic as a broker makes it that creates topics by itself, of four partitions
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(Topics.STATE, Optional.of(4), Optional.of((short) 1))))
                        .all()
                        .get();
            }

            // When
            Said before = doctor("--bootstrap", kafka.bootstrapServers());
            Said mended = doctor("--bootstrap", kafka.bootstrapServers(), "--mend");

            // Then
            assertThat(before.code()).isEqualTo(1);
            assertThat(before.text())
                    .contains("lowpass.state.v1: cleanup.policy is delete, wanted is compact (--mend fixes it)")
                    .contains("topic lowpass.jobs.v1 does not exist");
            assertThat(mended.text()).contains("mended");
            await().atMost(PATIENCE).untilAsserted(() -> {
                Said after = doctor("--bootstrap", kafka.bootstrapServers());
                assertThat(after.code()).as(after.text()).isZero();
                assertThat(after.text()).contains("are correct at");
            });
        }
    }

    @Test
    void aBrokerThatIsAwayIsToldInASentence() {
        // When
        Said said = doctor("--bootstrap", "127.0.0.1:1");

        // Then
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.text().strip().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("lowpass doctor: No broker answered in time"));
    }
}
