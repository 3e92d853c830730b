package io.lowpass.models.hunyuan.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.vae.BatchDecoding;
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HunyuanVaeTest {

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    private static HunyuanVae small(long largestUncut) {
        return HunyuanVae.open(
                ReferenceTensors.golden("models/hunyuan-vae"), Device.cpu(), Precision.F32, largestUncut);
    }

    private static VideoSpec spec(int latentFrames) {
        return new VideoSpec(32, 32, 4 * latentFrames - 3, 15, 6);
    }

    private NDArray decode(HunyuanVae vae, NDArray latents) {
        NDList frames = new NDList();
        int count = (int) latents.getShape().get(2);
        try (VideoDecoding decoding = vae.decode(spec(count))) {
            for (NDArray frame : latents.split(count, 2)) {
                decoding.nextDenormalised(manager, frame).ifPresent(frames::add);
            }
        }
        return NDArrays.concat(frames).transpose(1, 0, 2, 3).expandDims(0);
    }

    private static float difference(NDArray one, NDArray other) {
        return one.sub(other).abs().max().getFloat() / other.abs().max().getFloat();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunyuan-vae-decode-0", "hunyuan-vae-decode-1"})
    void decodesWhatTheReferenceDecodes(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name);
                HunyuanVae vae = HunyuanVae.open(reference.model(), Device.cpu(), Precision.F32)) {
            // When
            NDArray frames = decode(vae, reference.tensor("in.latents"));
            // Then
            reference.assertClose("out.frames", frames);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, '1'", "4, '0 0 0 13'", "5, '0 0 0 0 17'", "7, '0 0 0 0 13 0 12'", "8, '0 0 0 0 13 0 0 16'"})
    void framesComeOutWhenTheirTileIsWhole(int count, String expected) {
        // Given
        NDArray latents = Noise.normal(manager, 3, new Shape(1, 4, count, 2, 2));
        List<String> came = new ArrayList<>();
        try (HunyuanVae vae = small(Long.MAX_VALUE);
                VideoDecoding decoding = vae.decode(spec(count))) {
            // When
            for (NDArray frame : latents.split(count, 2)) {
                came.add(decoding.next(manager, frame)
                        .map(frames -> String.valueOf(frames.getShape().get(0)))
                        .orElse("0"));
            }
            // Then
            assertThat(String.join(" ", came)).isEqualTo(expected);
            assertThat(((BatchDecoding) decoding).held()).isLessThan(8);
            assertThatThrownBy(() -> decoding.next(manager, latents.get(":, :, :1")))
                    .hasMessageContaining(
                            "the video has " + count + " latent frames, and this is one more latent frame");
        }
    }

    @Test
    void aTileInTimeIsBlendedWithTheOneBefore() {
        // Given
        NDArray latents = Noise.normal(manager, 3, new Shape(1, 4, 6, 2, 2));
        try (HunyuanVae vae = small(Long.MAX_VALUE)) {
            // When
            NDArray frames = decode(vae, latents);
            NDArray first = vae.decoded(manager, latents.get(":, :, :5"));
            NDArray second = vae.decoded(manager, latents.get(":, :, 3:"));
            // Then
            assertThat(frames.getShape().get(2)).isEqualTo(21);
            assertThat(difference(frames.get(":, :, :13"), first.get(":, :, :13")))
                    .isLessThan(1e-6f);
            assertThat(difference(frames.get(":, :, 13"), first.get(":, :, 13")))
                    .isLessThan(1e-6f);
            NDArray half = first.get(":, :, 15").add(second.get(":, :, 3")).mul(0.5);
            assertThat(difference(frames.get(":, :, 15"), half)).isLessThan(1e-5f);
            assertThat(difference(frames.get(":, :, 17:"), second.get(":, :, 5:")))
                    .isLessThan(1e-6f);
        }
    }

    @Test
    void tilesOfThePictureAreTheSizeOfThePictureAndCloseToIt() {
        // Given
        NDArray latents = Noise.normal(manager, 3, new Shape(1, 4, 1, 34, 40)).mul(0.1);
        try (HunyuanVae whole = small(Long.MAX_VALUE);
                HunyuanVae cut = small(0)) {
            // When
            NDArray expected = decode(whole, latents);
            NDArray frames = decode(cut, latents);
            // Then
            assertThat(frames.getShape()).isEqualTo(new Shape(1, 3, 1, 272, 320));
            assertThat(difference(frames, expected)).isBetween(1e-6f, 0.9f);
        }
    }

    @Test
    void theMemoryOfTheDeviceDecidesWhetherFramesAreCutAndNotThatOfTheMachine() {
        // Given: a machine of 128 GiB with a GPU of 16 GiB, and another whose memory nobody knows
        Function<Device, OptionalLong> memory = device -> switch (device.toString()) {
            case "cpu()" -> OptionalLong.of(128L << 30);
            case "gpu(0)" -> OptionalLong.of(16L << 30);
            default -> OptionalLong.empty();
        };
        // When, Then
        assertThat(HunyuanVae.largestUncut(Device.cpu(), memory)).isEqualTo(16L << 30);
        assertThat(HunyuanVae.largestUncut(Device.gpu(0), memory)).isEqualTo(12L << 30);
        assertThat(HunyuanVae.largestUncut(Device.gpu(1), memory)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 272, in tiles", "1099511627776, 272, whole", "0, 256, whole"})
    void saysOncePerVideoWhetherFramesAreCut(long largestUncut, int height, String expected) {
        // Given
        List<String> said = new ArrayList<>();
        Logger logger = Logger.getLogger(HunyuanVae.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                said.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        // When
        try (HunyuanVae vae = small(largestUncut);
                VideoDecoding decoding = vae.decode(new VideoSpec(height, 32, 5, 15, 6))) {
            NDArray frame = manager.zeros(new Shape(1, 4, 1, height / 8, 4));
            decoding.next(manager, frame);
            decoding.next(manager, frame);
        } finally {
            logger.removeHandler(handler);
        }
        // Then
        assertThat(said).singleElement().asString().contains(height + "x32", "decoded " + expected + " on cpu");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "9, 3", "17, 5", "33, 9"})
    void encodesVideosOfAnyLength(int frames, int latentFrames) {
        // Given
        NDArray video =
                Noise.normal(manager, 4, new Shape(1, 3, frames, 16, 24)).clip(-1, 1);
        try (HunyuanVae vae = small(Long.MAX_VALUE)) {
            // When
            LatentDistribution latents = vae.encode(manager, video);
            // Then
            assertThat(latents.mean().getShape()).isEqualTo(new Shape(1, 4, latentFrames, 2, 3));
            assertThat(latents.logvar().getShape()).isEqualTo(latents.mean().getShape());
            assertThat(latents.mean().isNaN().any().getBoolean()).isFalse();
        }
    }

    @Test
    void refusesLatentsOfOtherShapes() {
        try (HunyuanVae vae = small(0);
                VideoDecoding decoding = vae.decode(spec(3))) {
            // Given
            NDArray other = manager.zeros(new Shape(1, 3, 1, 2, 2));
            decoding.next(manager, manager.zeros(new Shape(1, 4, 1, 2, 2)));
            // When, Then
            assertThatThrownBy(() -> decoding.next(manager, other)).hasMessageContaining("(1, 3, 1, 2, 2), allowed is");
            assertThatThrownBy(() -> decoding.next(manager, manager.zeros(new Shape(1, 4, 1, 2, 4))))
                    .hasMessageContaining("allowed is (1, 4, 1, 2, 2)");
        }
    }

    @Test
    void namesTheParametersOfThePublicCheckpoint() {
        // Given
        Manifest manifest = Manifest.read("hunyuanvideo.vae");
        HunyuanVaeConfig config = HunyuanVaeConfig.of(manifest.config());
        // When, Then
        assertThatCode(() -> config.architecture().requireMatch(manifest.shapes()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "temporal_compression_ratio | 8 | temporal_compression_ratio is 8, allowed is 4 or null",
                "block_out_channels | [8, 8] | block_out_channels is [8,8], allowed is a list of three or more",
                "block_out_channels | [8, 8, 6, 8] | block_out_channels is [8,8,6,8], allowed is a list of three",
                "spatial_compression_ratio | 6 | spatial_compression_ratio is 6, allowed is a power of 2 up to 16",
                "act_fn | \"tanh\" | act_fn is \"tanh\", allowed is",
                "up_block_types | [\"Other\"] | up_block_types is [\"Other\"], allowed is [\"HunyuanVideoUpBlock3D\"",
                "scaling_factor | 0 | scaling_factor is 0, allowed is a number above 0"
            })
    void refusesSettingsThatItDoesNotImplement(String field, String value, String message) {
        // Given
        ComponentConfig config = ReferenceTensors.changed("hunyuan-vae", field, value);
        // When, Then
        assertThatThrownBy(() -> HunyuanVaeConfig.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.json: " + message);
    }
}
