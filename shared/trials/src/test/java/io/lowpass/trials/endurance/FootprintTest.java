package io.lowpass.trials.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FootprintTest {

    private static final int MORE = 300;

    @Test
    void whatAProcessTakesMoreIsSeen() throws Exception {
        // Given
        long pid = ProcessHandle.current().pid();
        Footprint before = Footprint.of(pid, 0);

        // When
        List<ServerSocket> open = new ArrayList<>();
        byte[] kept = new byte[32 << 20];
        for (int i = 0; i < MORE; i++) {
            open.add(new ServerSocket(0));
        }
        Footprint after = Footprint.of(pid, 1);

        // Then: other tests of this JVM may leave handles behind that go meanwhile
        assertThat(after.handles() - before.handles()).isGreaterThan(MORE / 2);
        assertThat(after.heap() - before.heap()).isGreaterThan(kept.length / 2);
        assertThat(after.threads()).isPositive();
        assertThat(after.resident()).isGreaterThan(kept.length);
        close(open);
    }

    private static void close(List<ServerSocket> open) throws IOException {
        for (ServerSocket socket : open) {
            socket.close();
        }
    }
}
