package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.opensora.OpenSoraConfig;
import io.lowpass.models.opensora.OpenSoraInspection;
import io.lowpass.models.opensora.OpenSoraTransformer;
import io.lowpass.models.opensora.vae.OpenSoraVaeConfig;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.function.Function;

/** Open-Sora 1.2. */
final class OpenSoraChecks implements FamilyChecks {

    /** What the folders of its cases without a model begin with. */
    private static final String NAME = "opensora";

    private static final String SCHEDULER = "RFLOW";
    private static final String TEXT_ENCODER = "T5EncoderModel";

    private final ObjectMapper json;

    OpenSoraChecks(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public Map<String, Map<String, Check>> components() {
        OpenSoraSchedulerCheck scheduler = new OpenSoraSchedulerCheck(json);
        return Map.of(
                "transformer",
                Map.of("STDiT3", OpenSoraChecks::transformer),
                "text_encoder",
                Map.of(TEXT_ENCODER, new T5Check()),
                "vae_decode",
                Map.of("VideoAutoencoderPipeline", new OpenSoraVaeCheck()),
                "scheduler",
                Map.of(SCHEDULER, scheduler::samples),
                "scheduler_timesteps",
                Map.of(SCHEDULER, scheduler::timesteps),
                "prompt_clean",
                Map.of(NAME, OpenSoraPromptChecks::cleaned),
                "prompt_scores",
                Map.of(NAME, OpenSoraPromptChecks::scored),
                "prompt_script",
                Map.of(NAME, OpenSoraPromptChecks::split),
                "prompt_encode",
                Map.of(TEXT_ENCODER, OpenSoraPromptChecks::encoded));
    }

    @Override
    public Map<String, Function<ComponentConfig, Architecture>> architectures() {
        return Map.of(
                "opensora.transformer", config -> OpenSoraConfig.of(config).architecture(),
                "opensora.vae", config -> OpenSoraVaeConfig.of(config).architecture());
    }

    private static void transformer(ReferenceCase reference, NDManager memory, Comparison comparison) {
        try (OpenSoraTransformer transformer =
                OpenSoraTransformer.load(reference.model(), Precision.F32, Device.cpu())) {
            comparison.offerAll(OpenSoraInspection.ofBatch(transformer, reference.inputs(memory)));
        }
    }
}
