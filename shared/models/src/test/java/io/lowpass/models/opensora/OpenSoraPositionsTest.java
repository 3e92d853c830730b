package io.lowpass.models.opensora;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.sun.management.ThreadMXBean;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.TokenGrid;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenSoraPositionsTest {

    private static final OpenSoraConfig CONFIG =
            OpenSoraConfig.of(ComponentConfig.read(ReferenceTensors.golden("models/opensora-transformer")));

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    private static TokenGrid grid(long height, long width) {
        return new TokenGrid(1, height, width, List.of(1, 2, 2));
    }

    @Test
    void aTokenIsToldOfItsColumnThenOfItsRow() {
        // Given
        MicroConditions micro = new MicroConditions(96, 160, 24);
        int half = CONFIG.width() / 2;
        // When
        NDArray table = OpenSoraPositions.table(manager, CONFIG, grid(3, 5), micro);
        // Then: row 2, column 4
        float[] cell = table.get(0).get(0).get(2 * 5 + 4).toFloatArray();
        double unit = CONFIG.baseSize() / Math.sqrt(96 * 160) * Math.rint(Math.sqrt(15));
        assertThat(table.getShape()).isEqualTo(new Shape(1, 1, 15, CONFIG.width()));
        assertThat(cell[0]).isCloseTo((float) Math.sin(4 * unit / 5), within());
        assertThat(cell[half / 2]).isCloseTo((float) Math.cos(4 * unit / 5), within());
        assertThat(cell[half]).isCloseTo((float) Math.sin(2 * unit / 3), within());
        assertThat(cell[half + half / 2]).isCloseTo((float) Math.cos(2 * unit / 3), within());
    }

    private static Offset<Float> within() {
        return Offset.offset(1e-6f);
    }

    @Test
    void theHeapHoldsTheAxesAndNotTheCells() {
        // Given
        TokenGrid large = grid(180, 320);
        long bytes = large.area() * CONFIG.width() * Float.BYTES;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        OpenSoraPositions.table(manager, CONFIG, large, new MicroConditions(2880, 5120, 24));
        long before = threads.getCurrentThreadAllocatedBytes();
        // When
        OpenSoraPositions.table(manager, CONFIG, large, new MicroConditions(2880, 5120, 24));
        // Then
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(bytes / 10);
    }
}
