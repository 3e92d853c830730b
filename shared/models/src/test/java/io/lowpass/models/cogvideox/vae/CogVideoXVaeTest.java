package io.lowpass.models.cogvideox.vae;

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
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CogVideoXVaeTest {

    private static final String MODEL = "models/cogvideox-vae";

    private static CogVideoXVae open(Precision precision, int span) {
        return CogVideoXVae.open(ReferenceTensors.golden(MODEL), Device.cpu(), precision, span);
    }

    private static VideoSpec spec(int frames) {
        return new VideoSpec(32, 48, frames, 8, 6);
    }

    static NDArray decoded(CogVideoXVae vae, NDManager manager, NDArray latents) {
        NDList frames = new NDList();
        long count = latents.getShape().get(2);
        try (VideoDecoding decoding = vae.decode(spec((int) (count - 1) * vae.temporalFactor() + 1))) {
            for (long t = 0; t < count; t++) {
                decoding.nextDenormalised(manager, latents.get(new NDIndex(":, :, " + t + ":" + (t + 1))))
                        .ifPresent(frames::add);
            }
        }
        return NDArrays.concat(frames, 0).transpose(1, 0, 2, 3).expandDims(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cogvideox-vae-decode-0", "cogvideox-vae-decode-1", "cogvideox-vae-decode-2"})
    void decodesWhatTheReferenceDecodes(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name);
                CogVideoXVae vae = CogVideoXVae.open(reference.model(), Device.cpu(), Precision.F32, 1)) {
            // When
            NDArray frames = decoded(vae, reference.manager(), reference.tensor("in.latents"));
            // Then
            reference.assertClose("out.frames", frames);
        }
    }

    @Test
    void framesComeAsSoonAsTheirBatchIsThere() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                CogVideoXVae vae = open(Precision.F32, 1);
                VideoDecoding decoding = vae.decode(spec(17))) {
            // Given
            NDArray latents = Noise.normal(manager, 1, new Shape(1, 4, 1, 2, 3));
            List<Long> frames = new ArrayList<>();
            // When
            for (int t = 0; t < 5; t++) {
                frames.add(decoding.next(manager, latents)
                        .map(ready -> ready.getShape().get(0))
                        .orElse(0L));
            }
            // Then
            assertThat(frames).containsExactly(0L, 0L, 9L, 0L, 8L);
        }
    }

    @Test
    void keepsNoMoreMemoryForALongerVideo() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                CogVideoXVae vae = open(Precision.F32, 1);
                BatchDecoding decoding = (BatchDecoding) vae.decode(spec(49))) {
            // Given
            NDArray latents = Noise.normal(manager, 1, new Shape(1, 4, 1, 2, 2));
            List<Integer> held = new ArrayList<>();
            // When
            for (int t = 0; t < 13; t++) {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    decoding.next(manager, latents).ifPresent(frames -> held.add(decoding.held()));
                }
            }
            // Then
            assertThat(held).hasSize(6).containsOnly(held.get(0));
        }
    }

    @Test
    void passesOverLatentsThatOnlyFillAPatch() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                CogVideoXVae plain = open(Precision.F32, 1);
                CogVideoXVae spanning = open(Precision.F32, 2)) {
            // Given
            NDArray latents = Noise.normal(manager, 1, new Shape(1, 4, 4, 2, 2));
            NDArray expected = decoded(plain, manager, latents.get(":, :, 1:"));
            // When
            NDList frames = new NDList();
            try (VideoDecoding decoding = spanning.decode(spec(9))) {
                for (int t = 0; t < 4; t++) {
                    decoding.nextDenormalised(manager, latents.get(":, :, {}:{}", t, t + 1))
                            .ifPresent(frames::add);
                }
            }
            // Then
            NDArray joined = NDArrays.concat(frames, 0).transpose(1, 0, 2, 3).expandDims(0);
            assertThat(joined.toFloatArray()).isEqualTo(expected.toFloatArray());
        }
    }

    @Test
    void comesCloseInBfloat16() {
        try (ReferenceTensors reference = new ReferenceTensors("cogvideox-vae-decode-1");
                CogVideoXVae vae = open(Precision.BF16, 1)) {
            // When
            NDArray frames = decoded(vae, reference.manager(), reference.tensor("in.latents"));
            // Then
            NDArray expected = reference.tensor("out.frames");
            double scale = expected.abs().max().getFloat();
            assertThat(frames.sub(expected).abs().mean().getFloat()).isLessThan((float) (0.03 * scale));
        }
    }

    @Test
    void encodesToLatentsOfTheVideosShape() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                CogVideoXVae vae = open(Precision.F32, 1)) {
            // Given
            NDArray frames = Noise.normal(manager, 1, new Shape(1, 3, 17, 16, 24));
            // When
            LatentDistribution latents = vae.encode(manager, frames);
            // Then
            assertThat(latents.mean().getShape()).isEqualTo(new Shape(1, 4, 5, 2, 3));
            assertThat(latents.logvar().getShape()).isEqualTo(new Shape(1, 4, 5, 2, 3));
            assertThatThrownBy(() -> vae.encode(manager, frames.get(":, :, :5")))
                    .hasMessageContaining("allowed is (1, 3, 1 or 8n or 8n + 1, height, width)");
        }
    }

    @Test
    void refusesLatentsOfAnotherShapeOrNumber() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                CogVideoXVae vae = open(Precision.F32, 1);
                VideoDecoding decoding = vae.decode(spec(1))) {
            // Given
            NDArray fitting = manager.zeros(new Shape(1, 4, 1, 2, 2));
            decoding.next(manager, fitting);
            // When, Then
            assertThatThrownBy(() -> decoding.next(manager, manager.zeros(new Shape(1, 4, 1, 2, 3))))
                    .hasMessage("latents have the shape (1, 4, 1, 2, 3), allowed is (1, 4, 1, 2, 2)");
            assertThatThrownBy(() -> decoding.next(manager, fitting))
                    .hasMessage("the video has 1 latent frames, and this is one more latent frame");
            assertThatThrownBy(() -> vae.decode(spec(1)).next(manager, manager.zeros(new Shape(1, 5, 1, 2, 2))))
                    .hasMessage("latents have the shape (1, 5, 1, 2, 2), allowed is (1, 4, 1, height, width)");
        }
    }
}
