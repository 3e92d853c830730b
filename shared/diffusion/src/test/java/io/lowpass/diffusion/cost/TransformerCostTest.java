package io.lowpass.diffusion.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.cost.TransformerCost.SubLayerCost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The formulas against the operation counts in the PreciseCache paper's Table 1. */
class TransformerCostTest {

    private static final double PETA = 1e15;

    @Test
    void wanOf14BillionParametersAt720p() {
        // Given: 21 latent frames of 90 x 160 in patches of 2 x 2
        TransformerCost wan = TransformerCost.crossAttending(40, 5120, 13_824, 512, 64);
        // When
        double macs = 50 * 2 * wan.pass(21 * 45 * 80);
        // Then
        assertThat(macs / PETA).isCloseTo(329.2, within(0.01 * 329.2));
    }

    @Test
    void hunyuanVideoAt480By640() {
        // Given: 17 latent frames of 60 x 80, no second branch
        TransformerCost hunyuan = TransformerCost.jointlyAttending(60, 3072, 256, 64);
        // When
        double macs = 50 * hunyuan.pass(17 * 30 * 40);
        // Then
        assertThat(macs / PETA).isCloseTo(14.92, within(0.01 * 14.92));
    }

    @Test
    void cogVideoXOf2BillionParameters() {
        // Given: 13 latent frames of 60 x 90
        TransformerCost cogVideoX = TransformerCost.jointlyAttending(30, 1920, 226, 64);
        // When
        double macs = 50 * 2 * cogVideoX.pass(13 * 30 * 45);
        // Then
        assertThat(macs / PETA).isCloseTo(6.03, within(0.01 * 6.03));
    }

    @Test
    void openSoraAt480By848With192Frames() {
        // Given: 57 latent frames of 60 x 106, which patches of 2 x 2 cut to 30 x 53
        TransformerCost openSora = TransformerCost.alternatelyAttending(56, 1152, 4608, 100, 16 + 32);
        // When
        double macs = 30 * 2 * openSora.pass(TokenCount.of(new Shape(1, 4, 57, 60, 106), List.of(1, 2, 2)));
        // Then
        assertThat(macs / PETA).isCloseTo(6.30, within(0.01 * 6.30));
        assertThatThrownBy(() -> openSora.pass(90_630)).hasMessageContaining("90630.0 tokens");
    }

    @Test
    void aProbeCostsItsSizeAndASkippedBlockNothing() {
        // Given
        TransformerCost cost = new TransformerCost(4, Map.of(SubLayer.SELF_ATTENTION, new SubLayerCost(1, 2, 3)), 5);
        // When
        double macs = cost.of(new Work(2, 2, 6, 0, 20), 100);
        // Then
        assertThat(macs)
                .isEqualTo(2 * 5 * 100 + 6 * (100.0 * 100 + 2 * 100 + 3) + 2 * (4 * (10.0 * 10 + 2 * 10 + 3) + 5 * 10));
        assertThat(cost.of(new Work(1, 0, 4, 0, 0), 10)).isEqualTo(cost.pass(10));
    }

    @Test
    void aSubLayerThatDidNotRunIsNotPaidFor() {
        // Given: three of four attentions within the frame are reused, of two frames of five tokens
        TransformerCost cost = new TransformerCost(
                4,
                Map.of(
                        SubLayer.SPATIAL_ATTENTION,
                        new SubLayerCost(0.5, 0, 2, 0, 1, 0),
                        SubLayer.TEMPORAL_ATTENTION,
                        new SubLayerCost(0.5, 0, 0, 3, 1, 0),
                        SubLayer.FEED_FORWARD,
                        new SubLayerCost(0, 7, 0)),
                0);
        Work work = new Work(2, 0, 8, 13, 0, 0, Map.of(SubLayer.SPATIAL_ATTENTION, 3));
        // When, Then: attentions cost 110 and 70, feeding forward 70
        assertThat(cost.of(work, new TokenCount(2, 5))).isEqualTo(110 + 4 * 70 + 8 * 70);
    }

    @Test
    void aPromptThatIsKeptCostsNothingPerPass() {
        TransformerCost whole = TransformerCost.crossAttending(2, 8, 16, 3, 4);
        assertThat(whole.pass(10) - whole.withKeptPrompt().pass(10)).isEqualTo(2 * (2 * 3 * 64));
    }
}
