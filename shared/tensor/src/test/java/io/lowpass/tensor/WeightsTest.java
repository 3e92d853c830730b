package io.lowpass.tensor;

import static io.lowpass.tensor.SafetensorsFile.floats;
import static io.lowpass.tensor.SafetensorsFile.padded;
import static io.lowpass.tensor.SafetensorsFile.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @TempDir
    Path folder;

    @BeforeEach
    void write2x2() throws IOException {
        write(
                folder.resolve("model.safetensors"),
                padded(
                        "{\"shared.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
                                + "\"norm.weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]}}",
                        0),
                floats(1, 2, 3, 4, 5, 6));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static Architecture tied() {
        return new Architecture("text_encoder")
                .parameter("embed.weight", 2, 2)
                .alias("embed.weight", "shared.weight")
                .parameter("norm.weight", 2);
    }

    @Test
    void handsOutWeightsThatStayWithTheModel() {
        // Given
        NDArray norm;
        NDArray embed;
        try (NDScope scope = new NDScope();
                Weights weights = Weights.open(folder, tied(), manager, Precision.F32)) {
            scope.suppressNotUsedWarning();
            // When
            norm = weights.take("norm.weight");
            embed = weights.take("embed.weight", Precision.F16);
            weights.requireAllTaken();
        }
        // Then
        assertThat(norm.toFloatArray()).containsExactly(5, 6);
        assertThat(embed.getDataType()).isEqualTo(DataType.FLOAT16);
    }

    @Test
    void namesWhatTheModelDidNotUse() {
        // Given
        try (Weights weights = Weights.open(folder, tied(), manager, Precision.F32)) {
            // When
            weights.take("embed.weight");
            // Then
            assertThatThrownBy(weights::requireAllTaken).hasMessageContainingAll("text_encoder", "[norm.weight]");
            assertThatThrownBy(() -> weights.take("norm.bias")).hasMessageContaining("no parameter 'norm.bias'");
        }
    }

    @Test
    void weightsOfAModelThatCannotBeBuiltDoNotStayWhateverTheReason() {
        // Given
        List<NDManager> owners = new ArrayList<>();
        Function<Weights, String> tooLarge = weights -> {
            weights.take("embed.weight");
            owners.add(weights.owner());
            throw new EngineException("not enough memory");
        };
        // When
        // Then
        assertThatThrownBy(() -> Weights.load(folder, tied(), Device.cpu(), Precision.F32, tooLarge))
                .isInstanceOf(EngineException.class);
        assertThat(owners)
                .singleElement()
                .satisfies(owner -> assertThat(owner.isOpen()).isFalse());
    }

    @Test
    void namesEveryDifferenceInOneError() {
        // Given
        Architecture other = new Architecture("transformer").affine("norm", 3).linear("out", 2, 4);
        // When
        // Then
        assertThatThrownBy(() -> Weights.open(folder, other, manager, Precision.F32))
                .hasMessageContainingAll(
                        folder.toString(),
                        "transformer does not match its configuration, 5 parameter(s) differ",
                        "missing norm.bias (3)",
                        "missing out.weight (4, 2)",
                        "missing out.bias (4)",
                        "unexpected shared.weight (2, 2)",
                        "misshapen norm.weight (2), expected (3)");
    }

    private static Architecture ofBlocks(int blocks) {
        Architecture architecture = new Architecture("transformer");
        for (int block = 0; block < blocks; block++) {
            architecture.linear("blocks." + block + ".attn1.to_q", 4, 4).affine("blocks." + block + ".norm2", 4);
        }
        return architecture;
    }

    private static Map<String, Shape> renamed(Architecture architecture, UnaryOperator<String> name) {
        Map<String, Shape> renamed = new LinkedHashMap<>();
        architecture.parameters().forEach((own, shape) -> renamed.put(name.apply(own), shape));
        return renamed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.diffusion_model.", "transformer.", "module."})
    void namesThatAllHaveAPrefixAreCountedAndThePrefixIsTold(String prefix) {
        // Given
        Architecture architecture = ofBlocks(100);
        // When, Then
        assertThatThrownBy(() -> architecture.requireMatch(renamed(architecture, name -> prefix + name)))
                .hasMessageContainingAll(
                        "800 parameter(s) differ",
                        "missing blocks.0.attn1.to_q.weight (4, 4)",
                        "unexpected " + prefix + "blocks.0.attn1.to_q.weight (4, 4)",
                        "and 780 more; in all 400 missing, all beginning with 'blocks.', 400 unexpected, all beginning"
                                + " with '" + prefix + "blocks.', 0 misshapen",
                        "Every name begins with '" + prefix + "'")
                .satisfies(error -> assertThat(error.getMessage().lines()).hasSize(23));
    }

    @Test
    void namesOfAnotherFormOfTheModelAreToldAsSuch() {
        // Given
        Architecture architecture = ofBlocks(100);
        UnaryOperator<String> original =
                name -> name.replace("attn1.to_q", "self_attn.q").replace("norm2", "norm3");
        // When, Then
        assertThatThrownBy(() -> architecture.requireMatch(renamed(architecture, original)))
                .hasMessageContaining("use the folder in the format of diffusers")
                .satisfies(error -> assertThat(error.getMessage().lines()).hasSize(23));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "blocks.0.attn1.to_q.weight.absmax | The weights are quantized",
                "blocks.0.attn1.to_q.qweight | The weights are quantized",
                "scaled_fp8.scaled_fp8 | The weights are quantized",
                "blocks.0.attn1.to_q.lora_A.weight | The file is an adapter (LoRA)"
            })
    void aNameThatAQuantizerOrAnAdapterAddsTellsWhatTheFileIs(String name, String hint) {
        // Given
        Architecture architecture = ofBlocks(1);
        Map<String, Shape> found = renamed(architecture, UnaryOperator.identity());
        found.put(name, new Shape(1));
        // When, Then
        assertThatThrownBy(() -> architecture.requireMatch(found)).hasMessageContaining(hint);
    }

    @Test
    void acceptsATiedParameterUnderEitherOrBothNames() {
        // Given
        Shape square = new Shape(2, 2);
        Shape row = new Shape(2);
        // When
        tied().requireMatch(Map.of("embed.weight", square, "norm.weight", row));
        tied().requireMatch(Map.of("shared.weight", square, "norm.weight", row));
        tied().requireMatch(Map.of("shared.weight", square, "embed.weight", square, "norm.weight", row));
        // Then
        assertThatThrownBy(() -> tied().requireMatch(Map.of("norm.weight", row)))
                .hasMessageContaining("missing embed.weight");
        assertThatThrownBy(() ->
                        tied().requireMatch(Map.of("shared.weight", row, "embed.weight", square, "norm.weight", row)))
                .hasMessageContaining("misshapen shared.weight");
    }

    @Test
    void passesOverWhatTheReferencePassesOver() {
        // Given
        Architecture architecture =
                new Architecture("transformer").parameter("a", 1).ignored("norm_added_q.weight");
        // When
        architecture.requireMatch(Map.of("a", new Shape(1), "norm_added_q.weight", new Shape(9)));
        // Then
        assertThat(architecture.size()).isEqualTo(1);
    }

    @Test
    void refusesToListAParameterTwiceOrToTieToNothing() {
        // Given
        Architecture architecture = new Architecture("vae").parameter("a", 1);
        // When
        // Then
        assertThatThrownBy(() -> architecture.parameter("a", 2)).hasMessageContaining("'a' twice");
        assertThatThrownBy(() -> architecture.alias("b", "c")).hasMessageContaining("no parameter 'b'");
    }

    @Test
    void stacksParametersAndKnowsWhichNeedNoCopy() {
        // Given
        try (Weights weights = Weights.open(folder, tied(), manager, Precision.F32)) {
            // When
            NDArray stacked = weights.takeStacked(List.of("norm.weight", "norm.weight"), Precision.F16);
            // Then
            assertThat(stacked.getShape()).isEqualTo(new Shape(4));
            assertThat(stacked.toType(DataType.FLOAT32, false).toFloatArray()).containsExactly(5, 6, 5, 6);
            assertThat(weights.isMapped("embed.weight", Precision.F32)).isTrue();
            assertThat(weights.isMapped("embed.weight", Precision.BF16)).isFalse();
        }
    }

    @Test
    void aProcessorNeverComputesInF16() {
        assertThat(Precision.F16.arithmeticOn(Device.cpu())).isEqualTo(Precision.F32);
        assertThat(Precision.F32.arithmeticOn(Device.cpu())).isEqualTo(Precision.F32);
        assertThat(Precision.BF16.arithmeticOn(Device.gpu())).isEqualTo(Precision.BF16);
        assertThat(Precision.BF16.arithmeticOn(Device.cpu())).isIn(Precision.BF16, Precision.F32);
    }
}
