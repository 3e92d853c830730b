package io.lowpass.models.opensora.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.vae.BatchDecoding;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenSoraVaeTest {

    private static OpenSoraVae small() {
        return OpenSoraVae.open(ReferenceTensors.golden("models/opensora-vae"), Device.cpu(), Precision.F32);
    }

    private static VideoSpec spec(int frames) {
        return new VideoSpec(24, 16, frames, 24, 7);
    }

    /** All frames, clamped, as they come when latent frames are pushed one by one; and how many came at once. */
    private static NDArray streamed(OpenSoraVae vae, NDArray latents, int frames, List<Long> portions) {
        NDManager manager = latents.getManager();
        NDList decoded = new NDList();
        try (VideoDecoding decoding = vae.decode(spec(frames))) {
            for (int i = 0; i < latents.getShape().get(2); i++) {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    decoding.next(manager, latents.get(new NDIndex(":, :, " + i + ":" + (i + 1))))
                            .ifPresent(some -> {
                                NDScope.unregister(some);
                                decoded.add(some);
                            });
                }
            }
        }
        decoded.forEach(some -> portions.add(some.getShape().get(0)));
        return NDArrays.concat(decoded, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void decodesWhatTheReferenceDecodes(int number) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors("opensora-vae-decode-" + number);
                OpenSoraVae vae = OpenSoraVae.open(reference.model(), Device.cpu(), Precision.F32)) {
            int frames = reference.settings().get("num_frames").intValue();
            // When
            OpenSoraVaeInspection.pipeline(vae, reference.tensor("in.latents"), frames)
                    // Then
                    .forEach((name, decoded) -> reference.assertClose("out." + name, decoded));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void itsTemporalPartDecodesWhatTheReferenceDecodes(int number) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors("opensora-vae-decode-temporal-" + number);
                OpenSoraVae vae = OpenSoraVae.open(reference.model(), Device.cpu(), Precision.F32)) {
            int frames = reference.settings().get("num_frames").intValue();
            // When
            NDArray decoded = OpenSoraVaeInspection.temporal(vae, reference.tensor("in.latents"), frames);
            // Then
            reference.assertClose("out.spatial_latents", decoded);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void itsSpatialPartDecodesWhatTheReferenceDecodes(int number) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors("opensora-vae-decode-spatial-" + number);
                OpenSoraVae vae = OpenSoraVae.open(reference.model(), Device.cpu(), Precision.F32)) {
            // When
            NDArray decoded = OpenSoraVaeInspection.spatial(vae, reference.tensor("in.latents"));
            // Then
            reference.assertClose("out.frames", decoded);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 17, 24, 34, 40})
    void streamingYieldsTheSameFramesChunkByChunk(int frames) {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                OpenSoraVae vae = small()) {
            int latentFrames = vae.config().latentFrames(frames);
            NDArray latents = Noise.normal(manager, 3, new Shape(1, 4, latentFrames, 3, 2));
            List<Long> portions = new ArrayList<>();
            // When
            NDArray streamed = streamed(vae, latents, frames, portions);
            // Then
            NDArray whole = OpenSoraVaeInspection.pipeline(vae, latents, frames).get("frames");
            assertThat(streamed.toFloatArray())
                    .isEqualTo(whole.get(0).transpose(1, 0, 2, 3).clip(-1, 1).toFloatArray());
            assertThat(portions).hasSize((frames + 16) / 17).allMatch(some -> some <= 17);
            assertThat(portions.stream().mapToLong(Long::longValue).sum()).isEqualTo(frames);
        }
    }

    @Test
    void keepsNoMoreThanTheLatentFramesOfAChunk() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                OpenSoraVae vae = small();
                BatchDecoding decoding = (BatchDecoding) vae.decode(spec(68))) {
            NDArray latents = Noise.normal(manager, 3, new Shape(1, 4, 1, 3, 2));
            List<Integer> held = new ArrayList<>();
            // When
            for (int i = 0; i < 20; i++) {
                decoding.next(manager, latents);
                held.add(decoding.held());
            }
            // Then
            assertThat(held.subList(0, 5)).containsExactly(1, 2, 3, 4, 0);
            assertThat(held.subList(15, 20)).isEqualTo(held.subList(0, 5));
        }
    }

    @Test
    void halfPrecisionStaysCloseToFull() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                OpenSoraVae full = small();
                OpenSoraVae half = OpenSoraVae.open(
                        ReferenceTensors.golden("models/opensora-vae"), Device.cpu(), Precision.BF16)) {
            NDArray latents = Noise.normal(manager, 3, new Shape(1, 4, 5, 3, 2));
            // When
            NDArray expected = streamed(full, latents, 17, new ArrayList<>());
            NDArray decoded = streamed(half, latents, 17, new ArrayList<>());
            // Then
            assertThat(decoded.sub(expected).abs().mean().getFloat()).isLessThan(0.03f);
        }
    }

    @Test
    void refusesLatentsThatDoNotBelongToTheVideo() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                OpenSoraVae vae = small();
                VideoDecoding decoding = vae.decode(spec(1))) {
            // Given
            NDArray latents = manager.zeros(new Shape(1, 4, 1, 2, 2));
            decoding.next(manager, latents);
            // When, Then
            assertThatThrownBy(() -> decoding.next(manager, latents)).hasMessageContaining("one more latent frame");
            assertThatThrownBy(() -> decoding.next(manager, manager.zeros(new Shape(1, 4, 1, 2, 3))))
                    .hasMessage("latents have the shape (1, 4, 1, 2, 3), allowed is (1, 4, 1, 2, 2)");
            assertThatThrownBy(() -> vae.decode(spec(1)).next(manager, manager.zeros(new Shape(1, 3, 1, 2, 2))))
                    .hasMessage("latents have the shape (1, 3, 1, 2, 2), allowed is (1, 4, 1, height, width)");
        }
    }
}
