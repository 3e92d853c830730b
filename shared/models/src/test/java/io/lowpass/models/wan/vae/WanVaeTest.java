package io.lowpass.models.wan.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import io.lowpass.models.vae.Pixels;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoEncoding;
import io.lowpass.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WanVaeTest {

    private static final VideoSpec CLIP = new VideoSpec(32, 32, 9, 16, 5);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wan-vae-decode-0",
                "wan-vae-decode-1",
                "wan-vae-decode-2",
                "wan-vae-8x4-decode-0",
                "wan-vae-8x4-decode-1",
                "wan-vae-8x4-decode-2"
            })
    void decodesWhatTheReferenceDecodes(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name);
                WanVae vae = WanVae.open(reference.model(), Device.cpu(), Precision.F32)) {
            // When
            NDArray frames = decoded(vae, reference.manager(), reference.tensor("in.latents"));
            // Then
            reference.assertClose("out.frames", frames.transpose(1, 0, 2, 3).expandDims(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wan-vae-8x4-encode-0", "wan-vae-8x4-encode-1", "wan-vae-8x4-encode-2"})
    void encodesWhatTheReferenceEncodes(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name);
                WanVae vae = WanVae.open(reference.model(), Device.cpu(), Precision.F32);
                VideoEncoding encoding = vae.encode()) {
            NDArray frames = reference.tensor("in.frames");
            List<LatentDistribution> latents = new ArrayList<>();
            // When
            for (long t = 0; t < frames.getShape().get(2); t++) {
                encoding.next(reference.manager(), frames.get(new NDIndex(":, :, " + t)))
                        .ifPresent(latents::add);
            }
            // Then
            reference.assertClose(
                    "out.mean",
                    joined(latents.stream().map(LatentDistribution::mean).toList()));
            reference.assertClose(
                    "out.logvar",
                    joined(latents.stream().map(LatentDistribution::logvar).toList()));
        }
    }

    @Test
    void keepsNoMoreMemoryForALongerVideo() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                WanVae vae = WanVae.open(ReferenceTensors.golden("models/wan-vae-8x4"), Device.cpu(), Precision.F32);
                BatchDecoding decoding = (BatchDecoding) vae.decode(CLIP)) {
            NDArray latents = manager.randomNormal(new Shape(1, 4, 1, 3, 2));
            for (int i = 0; i < 3; i++) {
                decoding.next(manager, latents).orElseThrow().close();
            }
            int held = decoding.held();
            // When
            for (int i = 0; i < 10; i++) {
                decoding.next(manager, latents).orElseThrow().close();
            }
            // Then
            assertThat(decoding.held()).isEqualTo(held);
        }
    }

    @Test
    void keepsItsStateWhenAScopeOfTheCallerEnds() {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors("wan-vae-8x4-decode-1");
                WanVae vae = WanVae.open(reference.model(), Device.cpu(), Precision.F32);
                VideoDecoding decoding = vae.decode(CLIP)) {
            NDArray latents = reference.tensor("in.latents");
            NDList frames = new NDList();
            // When
            for (long t = 0; t < latents.getShape().get(2); t++) {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray one = latents.get(new NDIndex(":, :, " + t + ":" + (t + 1)));
                    frames.add(
                            decoding.nextDenormalised(reference.manager(), one).orElseThrow());
                }
            }
            // Then
            reference.assertClose(
                    "out.frames",
                    NDArrays.concat(frames, 0).transpose(1, 0, 2, 3).expandDims(0));
        }
    }

    @Test
    void leavesTheCallersLatentsAlone() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                WanVae vae = WanVae.open(ReferenceTensors.golden("models/wan-vae-8x4"), Device.cpu(), Precision.F32);
                VideoDecoding decoding = vae.decode(CLIP)) {
            NDArray latents = manager.ones(new Shape(1, 4, 1, 3, 2));
            // When
            decoding.nextDenormalised(manager, latents);
            decoding.nextDenormalised(manager, latents);
            decoding.nextDenormalised(manager, latents);
            decoding.nextDenormalised(manager, latents);
            // Then
            assertThat(latents.isReleased()).isFalse();
            assertThat(latents).isEqualTo(manager.ones(new Shape(1, 4, 1, 3, 2)));
        }
    }

    @Test
    void bringsLatentsToItsOwnScaleAndBack() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                WanVae vae = WanVae.open(ReferenceTensors.golden("models/wan-vae-8x4"), Device.cpu(), Precision.F32)) {
            // When
            NDArray own = vae.denormalised(manager, manager.ones(new Shape(1, 4, 1, 1, 1)));
            // Then
            assertThat(own.toFloatArray()).containsExactly(new float[] {1.6f, 0.5f, 1.4f, 2.05f}, within(1e-6f));
            assertThat(vae.normalised(manager, own).toFloatArray())
                    .containsExactly(new float[] {1, 1, 1, 1}, within(1e-6f));
        }
    }

    @Test
    void comesCloseInBfloat16() {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors("wan-vae-8x4-decode-1");
                WanVae vae = WanVae.open(reference.model(), Device.cpu(), Precision.BF16)) {
            // When
            NDArray frames = decoded(vae, reference.manager(), reference.tensor("in.latents"));
            // Then
            NDArray expected = reference.tensor("out.frames").squeeze(0).transpose(1, 0, 2, 3);
            assertThat(frames.sub(expected).abs().mean().getFloat()).isLessThan(0.02f);
        }
    }

    @Test
    void refusesLatentsOfAnotherShapeThanBefore() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                WanVae vae = WanVae.open(ReferenceTensors.golden("models/wan-vae"), Device.cpu(), Precision.F32);
                VideoDecoding decoding = vae.decode(CLIP)) {
            // Given
            decoding.next(manager, manager.zeros(new Shape(1, 4, 1, 2, 2)));
            NDArray other = manager.zeros(new Shape(1, 4, 1, 2, 3));
            NDArray channels = manager.zeros(new Shape(1, 5, 1, 2, 2));
            // When, Then
            assertThatThrownBy(() -> decoding.next(manager, other))
                    .hasMessage("latents have the shape (1, 4, 1, 2, 3), allowed is (1, 4, 1, 2, 2)");
            assertThatThrownBy(() -> vae.decode(CLIP).next(manager, channels))
                    .hasMessage("latents have the shape (1, 5, 1, 2, 2), allowed is (1, 4, 1, height, width)");
        }
    }

    @Test
    void turnsFramesIntoLevels() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            // Given
            NDArray frames = manager.create(new float[] {-2, -1, -0.5f, 0, 0.5f, 1, 3, 0.2f}, new Shape(1, 4, 1, 2));
            // When
            NDArray levels = Pixels.levels(manager, frames);
            // Then
            assertThat(levels.toUint8Array()).containsExactly(0, 0, 64, 128, 191, 255, 255, 153);
            assertThat(Pixels.interleaved(manager, levels).toUint8Array())
                    .containsExactly(0, 64, 191, 255, 0, 128, 255, 153);
        }
    }

    private static NDArray decoded(WanVae vae, NDManager manager, NDArray latents) {
        NDList frames = new NDList();
        try (VideoDecoding decoding = vae.decode(CLIP)) {
            for (long t = 0; t < latents.getShape().get(2); t++) {
                frames.add(decoding.nextDenormalised(manager, latents.get(new NDIndex(":, :, " + t + ":" + (t + 1))))
                        .orElseThrow());
            }
        }
        return NDArrays.concat(frames, 0);
    }

    private static NDArray joined(List<NDArray> parts) {
        return NDArrays.concat(new NDList(parts), 2);
    }
}
