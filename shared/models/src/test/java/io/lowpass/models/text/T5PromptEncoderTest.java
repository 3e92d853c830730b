package io.lowpass.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class T5PromptEncoderTest {

    private static final Path GOLDEN = ReferenceTensors.golden("models/wan-pipeline");
    private static final Path DEMO = ReferenceTensors.demoModel();

    /** Sums of what {@code WanPipeline} of diffusers 0.42.1 makes of these prompts. */
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "golden,'  a  big purple ring &amp; a star\n',26,-134.37195,496.93018",
                "golden,a big green cube,16,11.883549,309.73987",
                "demo,a big red ball bouncing over a green field,10,-70.69167,886.51544",
                "demo,'',1,-2.3982196,82.69847"
            })
    void encodesAsThePipelineDoes(String model, String prompt, int length, float sum, float absoluteSum) {
        // Given
        Path folder = model.equals("demo") ? DEMO : GOLDEN;
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                PromptEncoder encoder = new T5PromptEncoder(
                        Tokenizer.open(folder.resolve("tokenizer"), 512),
                        T5Encoder.open(folder.resolve("text_encoder"), Device.cpu(), Precision.F32),
                        false)) {
            // When
            PromptEmbedding encoded = encoder.encode(manager, Branch.CONDITIONED, prompt);
            // Then
            Shape shape = encoded.states().getShape();
            assertThat(shape.get(1)).isEqualTo(512);
            assertThat(encoded.length()).isEqualTo(length);
            assertThat(encoded.states().sum().getFloat()).isCloseTo(sum, within(1e-3f));
            assertThat(encoded.states().abs().sum().getFloat()).isCloseTo(absoluteSum, within(1e-3f));
            assertThat(encoded.states().get(":, " + length + ":").abs().sum().getFloat())
                    .isZero();
        }
    }
}
