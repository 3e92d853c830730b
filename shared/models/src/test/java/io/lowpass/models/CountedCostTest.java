package io.lowpass.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.cost.TokenCount;
import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.diffusion.cost.TransformerCost.SubLayerCost;
import io.lowpass.models.cogvideox.CogVideoXConfig;
import io.lowpass.models.hunyuan.HunyuanConfig;
import io.lowpass.models.wan.WanConfig;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The formulas against what torch counted when the reference ran: half of the operations that its {@code FlopCounterMode}
 * reports of each layer of a block of diffusers' transformers.
 */
class CountedCostTest {

    private static final Path SHARED = Path.of(System.getProperty("lowpass.root"), "shared");

    @Test
    void theDemoModel() {
        // Given: latents of 5 x 16 x 16, 12 rows of text
        TransformerCost cost = WanConfig.of(ComponentConfig.read(SHARED.resolve("demo-model/transformer")))
                .referenceCost(12);
        TokenCount tokens = new TokenCount(5, 64);
        // When, Then
        assertPart(cost, SubLayer.SELF_ATTENTION, tokens, 86_507_520);
        assertPart(cost, SubLayer.CROSS_ATTENTION, tokens, 25_952_256);
        assertPart(cost, SubLayer.FEED_FORWARD, tokens, 94_371_840);
        assertThat(cost.block(tokens)).isEqualTo(206_831_616);
        assertThat(cost.depth() * cost.block(tokens)).isEqualTo(2_481_979_392.0);
        assertThat(cost.ends() * tokens.count()).isEqualTo(2 * 3_932_160.0);
    }

    @Test
    void aSmallWan() {
        // Given: latents of 3 x 8 x 12, 10 rows of text
        TransformerCost cost = WanConfig.of(config("wan-transformer")).referenceCost(10);
        TokenCount tokens = new TokenCount(3, 24);
        // When, Then
        assertPart(cost, SubLayer.SELF_ATTENTION, tokens, 1_658_880);
        assertPart(cost, SubLayer.CROSS_ATTENTION, tokens, 676_800);
        assertPart(cost, SubLayer.FEED_FORWARD, tokens, 760_320);
        assertThat(cost.pass(tokens)).isEqualTo(9_288_000 + 2 * 276_480.0);
    }

    @Test
    void aSmallCogVideoX() {
        // Given: latents of 3 x 6 x 8, 10 rows of text
        TransformerCost cost =
                CogVideoXConfig.of(config("cogvideox-2b-transformer")).cost(10);
        TokenCount tokens = new TokenCount(3, 12);
        // When, Then
        assertPart(cost, SubLayer.SELF_ATTENTION, tokens, 1_024_512);
        assertPart(cost, SubLayer.FEED_FORWARD, tokens, 1_507_328);
        assertThat(cost.ends() * tokens.count()).isEqualTo(2 * 36_864.0);
    }

    @Test
    void aSmallHunyuanVideoWhoseBlocksOfBothKindsCostTheSame() {
        // Given: latents of 3 x 8 x 12, 9 rows of text
        TransformerCost cost = HunyuanConfig.of(config("hunyuan-transformer")).cost(9);
        TokenCount tokens = new TokenCount(3, 24);
        // When, Then
        assertPart(cost, SubLayer.SELF_ATTENTION, tokens, 751_680);
        assertPart(cost, SubLayer.FEED_FORWARD, tokens, 589_824 + 73_728);
        assertThat(cost.block(tokens)).isEqualTo(331_776 + 668_736 + 414_720);
        assertThat(cost.ends() * tokens.count()).isEqualTo(2 * 36_864.0);
    }

    private static void assertPart(TransformerCost cost, SubLayer kind, TokenCount tokens, double counted) {
        SubLayerCost part = Objects.requireNonNull(cost.parts().get(kind));
        assertThat(part.of(tokens)).as("%s", kind).isEqualTo(counted);
    }

    private static ComponentConfig config(String model) {
        return ComponentConfig.read(SHARED.resolve("golden/models").resolve(model));
    }
}
