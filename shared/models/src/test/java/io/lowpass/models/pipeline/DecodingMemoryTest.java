package io.lowpass.models.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.cogvideox.vae.CogVideoXVae;
import io.lowpass.models.cogvideox.vae.CogVideoXVaeConfig;
import io.lowpass.models.hunyuan.vae.HunyuanVae;
import io.lowpass.models.hunyuan.vae.HunyuanVaeConfig;
import io.lowpass.models.opensora.vae.OpenSoraVae;
import io.lowpass.models.opensora.vae.OpenSoraVaeConfig;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Estimates against the peak of resident memory, with few channels and so many cells that they are all that counts. */
class DecodingMemoryTest {

    /** What the allocator keeps for itself, and what the JVM takes meanwhile, differ from run to run. */
    private static final double TOLERANCE = 0.4;

    private static long status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    private static void assertEstimated(VideoVae vae, VideoSpec spec, int latents, long estimate) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given: kernels compiled, threads started
            decode(vae, manager, new VideoSpec(64, 64, spec.frames(), 8, 1), latents);
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            long before = status("VmRSS");
            // When
            decode(vae, manager, spec, latents);
            // Then
            double peak = status("VmHWM") - before;
            assertThat(peak / estimate).isBetween(1 - TOLERANCE, 1 + TOLERANCE);
        } finally {
            vae.close();
        }
    }

    private static void decode(VideoVae vae, NDManager manager, VideoSpec spec, int latents) {
        int factor = vae.spatialFactor();
        Shape shape = new Shape(1, vae.latentChannels(), 1, spec.height() / factor, spec.width() / factor);
        try (VideoDecoding decoding = vae.decode(spec);
                NDManager memory = manager.newSubManager()) {
            NDArray frame = Noise.normal(memory, 1, shape);
            for (int i = 0; i < latents; i++) {
                decoding.next(memory, frame).ifPresent(NDArray::close);
            }
        }
    }

    @Test
    void hunyuanDecodesInTheMemoryThatIsEstimated() throws IOException {
        Path folder = ReferenceTensors.golden("models/hunyuan-vae");
        HunyuanVaeConfig config = HunyuanVaeConfig.of(ComponentConfig.read(folder));
        long estimate = config.decodingBytes(512, 512, Precision.F32);
        HunyuanVae vae = HunyuanVae.open(folder, Device.cpu(), Precision.F32);
        assertEstimated(vae, new VideoSpec(512, 512, 17, 8, 1), 5, estimate);
    }

    @Test
    void cogVideoXDecodesInTheMemoryThatIsEstimated() throws IOException {
        Path folder = ReferenceTensors.golden("models/cogvideox-vae");
        CogVideoXVaeConfig config = CogVideoXVaeConfig.of(ComponentConfig.read(folder));
        long estimate = config.decodingBytes(512, 512, Precision.F32);
        CogVideoXVae vae = CogVideoXVae.open(folder, Device.cpu(), Precision.F32, 1);
        assertEstimated(vae, new VideoSpec(512, 512, 9, 8, 1), 3, estimate);
    }

    @Test
    void openSoraDecodesInTheMemoryThatIsEstimated() throws IOException {
        Path folder = ReferenceTensors.golden("models/opensora-vae");
        OpenSoraVaeConfig config = OpenSoraVaeConfig.of(ComponentConfig.read(folder));
        long estimate = config.decodingBytes(768, 768, Precision.F32);
        OpenSoraVae vae = OpenSoraVae.open(folder, Device.cpu(), Precision.F32);
        assertEstimated(vae, new VideoSpec(768, 768, config.chunk(), 8, 1), config.latentChunk(), estimate);
    }
}
