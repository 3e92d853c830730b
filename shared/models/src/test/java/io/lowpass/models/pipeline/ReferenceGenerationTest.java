package io.lowpass.models.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.ImageCondition;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.families.Families;
import io.lowpass.models.vae.Pixels;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.models.vision.Picture;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole generations without a cache, from prompt to frames, against diffusers' pipeline. */
class ReferenceGenerationTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generation-wan-euler",
                "generation-wan-unipc",
                "generation-wan-odd",
                "generation-wan-no-guidance",
                "generation-wan22",
                "generation-wan-i2v",
                "generation-demo-plain",
                "generation-hunyuan",
                "generation-cogvideox-2b",
                "generation-cogvideox-5b",
                "generation-cogvideox-5b-dynamic"
            })
    void generatesWhatThePipelineGenerates(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name)) {
            VideoModel folder = Families.open(reference.model());
            // When
            NDArray latents = latents(reference, folder);
            NDArray frames = frames(reference, folder, latents);
            // Then
            reference.assertClose("out.latents", laidOut(latents, folder));
            assertLevelsClose(frames, reference.tensor("out.frames"));
        }
    }

    private static NDArray latents(ReferenceTensors reference, VideoModel folder) {
        JsonNode settings = reference.settings();
        NDManager manager = reference.manager();
        try (NoiseSource noise = new NoiseSource(settings.get("seed").asLong(), folder.layout());
                TextToVideoPipeline pipeline = TextToVideoPipeline.open(folder, Device.cpu(), Precision.F32)) {
            PromptEmbedding prompt = pipeline.prompts()
                    .encode(manager, Branch.CONDITIONED, settings.get("prompt").asText());
            PromptEmbedding negative = pipeline.prompts()
                    .encode(
                            manager,
                            Branch.UNCONDITIONED,
                            settings.path("negativePrompt").asText(""));
            Shape shape = pipeline.limits()
                    .latents(
                            settings.get("height").asInt(),
                            settings.get("width").asInt(),
                            settings.get("numFrames").asInt());
            VideoSpec spec = withImage(spec(settings), reference, pipeline);
            Sampler sampler = new Sampler(
                    pipeline.transformer(),
                    scheduler(settings, folder.schedulerConfig()).drawingFrom(noise),
                    folder.guidance(spec),
                    CachePolicy.NONE);
            return sampler.sample(
                    noise.draw(manager, shape),
                    branch -> branch == Branch.CONDITIONED ? prompt : negative,
                    spec,
                    settings.get("steps").asInt(),
                    (report, latents) -> assertStep(reference, report.step().index(), laidOut(latents, folder)));
        }
    }

    private static VideoSpec withImage(VideoSpec spec, ReferenceTensors reference, TextToVideoPipeline pipeline) {
        if (pipeline.images().isEmpty()) {
            return spec;
        }
        GivenFrames frames = GivenFrames.startingWith(Picture.of(reference.tensor("in.image")));
        ImageCondition image = pipeline.images().get().encode(reference.manager(), frames, spec);
        reference.assertClose("out.image_embeds", image.states().orElseThrow());
        return spec.from(image);
    }

    /** Latents as the reference stores them. */
    private static NDArray laidOut(NDArray latents, VideoModel folder) {
        return folder.layout() == NoiseSource.Layout.FRAMES_FIRST ? latents.transpose(0, 2, 1, 3, 4) : latents;
    }

    private static VideoSpec spec(JsonNode settings) {
        VideoSpec spec = new VideoSpec(
                settings.get("height").asInt(),
                settings.get("width").asInt(),
                settings.get("numFrames").asInt(),
                16,
                settings.get("guidanceScale").asDouble());
        spec = spec.withDynamicCfg(settings.path("dynamicGuidance").asBoolean());
        return settings.has("guidanceScale2")
                ? spec.withGuidanceScale2(settings.get("guidanceScale2").asDouble())
                : spec;
    }

    private static void assertStep(ReferenceTensors reference, int step, NDArray latents) {
        String name = "out.latents." + step;
        if (reference.names().contains(name)) {
            reference.assertClose(name, latents);
        }
    }

    private static Scheduler scheduler(JsonNode settings, Map<String, Object> config) {
        Optional<String> name = Optional.ofNullable(settings.get("scheduler")).map(JsonNode::asText);
        OptionalDouble shift = settings.has("flowShift")
                ? OptionalDouble.of(settings.get("flowShift").asDouble())
                : OptionalDouble.empty();
        return Schedulers.resolve(name, shift, config);
    }

    private static NDArray frames(ReferenceTensors reference, VideoModel folder, NDArray latents) {
        NDManager manager = reference.manager();
        NDList frames = new NDList();
        try (VideoVae vae = TextToVideoPipeline.openVae(folder, Device.cpu(), Precision.F32);
                VideoDecoding decoding = vae.decode(spec(reference.settings()))) {
            for (long t = 0; t < latents.getShape().get(2); t++) {
                NDArray one = latents.get(new NDIndex(":, :, " + t + ":" + (t + 1)));
                decoding.next(manager, one).ifPresent(ready -> frames.add(Pixels.levels(manager, ready)));
            }
        }
        return NDArrays.concat(frames, 0);
    }

    /** One level of difference in at most 0.5 % of the values, and none larger. */
    private static void assertLevelsClose(NDArray frames, NDArray expected) {
        assertThat(frames.getShape()).isEqualTo(expected.getShape());
        NDArray difference = frames.toType(DataType.INT32, true)
                .sub(expected.toType(DataType.INT32, true))
                .abs();
        assertThat(difference.max().getInt()).isLessThanOrEqualTo(1);
        assertThat(difference.sum().getLong() / (double) difference.size()).isLessThanOrEqualTo(0.005);
    }
}
