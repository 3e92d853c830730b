package io.lowpass.caching.pab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.caching.AttentionScript;
import io.lowpass.caching.Cadence;
import io.lowpass.caching.StepWindow;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.Site;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.testing.FeatureCacheContract;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PyramidAttentionBroadcastTest extends FeatureCacheContract {

    /** Times 900, 800 … 0; what is put out at step s is s in one branch and 10 s in the other. */
    private static final AttentionScript SCRIPT = new AttentionScript(
            List.of(900.0, 800.0, 700.9, 600.0, 500.0, 400.0, 300.0, 200.0, 100.0, 0.0),
            Map.of(
                    Branch.CONDITIONED,
                    List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0),
                    Branch.UNCONDITIONED,
                    List.of(0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0)));

    @Override
    protected CachePolicy policy() {
        return pab(Map.of(
                SubLayer.SELF_ATTENTION,
                new Cadence(2, StepWindow.ofSteps(0.1, 0.9)),
                SubLayer.CROSS_ATTENTION,
                new Cadence(6, StepWindow.ofSteps(0.1, 0.9))));
    }

    @Override
    protected CachePolicy off() {
        return pab(Map.of(SubLayer.SELF_ATTENTION, new Cadence(2, StepWindow.ofSteps(0.5, 0.5))));
    }

    @Test
    void withinItsWindowAKindOfAttentionIsComputedAtEveryNthStep() {
        // Given: steps 2 to 7 lie strictly between 100 and 701, since the time of step 2 counts as 700
        CachePolicy policy = pab(Map.of(SubLayer.SPATIAL_ATTENTION, new Cadence(3, StepWindow.ofTimesteps(100, 701))));
        // When
        AttentionScript.Played played = SCRIPT.play(policy, SubLayer.SPATIAL_ATTENTION);
        // Then: steps 3 and 6 are computed
        assertThat(played.computed())
                .containsEntry(Branch.CONDITIONED, "CCRCRRCRCC")
                .containsEntry(Branch.UNCONDITIONED, "CCRCRRCRCC");
        assertThat(played.predictions())
                .containsEntry(Branch.CONDITIONED, List.of(0.0, 1.0, 1.0, 3.0, 3.0, 3.0, 6.0, 6.0, 8.0, 9.0))
                .containsEntry(
                        Branch.UNCONDITIONED, List.of(0.0, 10.0, 10.0, 30.0, 30.0, 30.0, 60.0, 60.0, 80.0, 90.0));
        assertThat(played.kinds()).isEqualTo("CCRCRRCRCC");
    }

    @Test
    void otherKindsOfAttentionAreNotTouched() {
        CachePolicy policy = pab(Map.of(SubLayer.SPATIAL_ATTENTION, new Cadence(2, StepWindow.ofTimesteps(-1, 1001))));
        assertThat(SCRIPT.play(policy, SubLayer.TEMPORAL_ATTENTION).computed())
                .containsEntry(Branch.CONDITIONED, "CCCCCCCCCC");
    }

    @Test
    void feedForwardLayersAreTakenAgainAfterTheListedTimes() {
        // Given: 750 is no time of this schedule; 700 is the first behind it, and the run that starts at 200 is cut
        // short
        FeedForwardBroadcast table = new FeedForwardBroadcast(List.of(750, 200), Set.of(0, 2), 3);
        CachePolicy policy = new PyramidAttentionBroadcast(Map.of(), table);
        // When, Then
        assertThat(SCRIPT.play(policy, new Site(0, SubLayer.FEED_FORWARD)).computed())
                .containsEntry(Branch.CONDITIONED, "CCCRRRCCRR");
        assertThat(SCRIPT.play(policy, new Site(1, SubLayer.FEED_FORWARD)).computed())
                .containsEntry(Branch.CONDITIONED, "CCCCCCCCCC");
    }

    @Test
    void aRunThatStartsWithinAnotherComputesItsOwnStart() {
        FeedForwardBroadcast table = new FeedForwardBroadcast(List.of(700, 500), Set.of(0), 3);
        assertThat(SCRIPT.play(new PyramidAttentionBroadcast(Map.of(), table), new Site(0, SubLayer.FEED_FORWARD))
                        .kinds())
                .isEqualTo("CCCRCRRRCC");
    }

    @Test
    void anExpertThatTakesOverStartsNoRunThatAnEarlierOneHas() {
        // Given: one expert for times down to 700.9, then another; 650 is between the two, 950 above all
        CachePolicy policy =
                new PyramidAttentionBroadcast(Map.of(), new FeedForwardBroadcast(List.of(950, 800, 300), Set.of(0), 2));
        CachePolicy between =
                new PyramidAttentionBroadcast(Map.of(), new FeedForwardBroadcast(List.of(650), Set.of(0), 2));
        Site site = new Site(0, SubLayer.FEED_FORWARD);
        // When, Then: the first expert runs from 900 and 800 on, the second from 300 on
        assertThat(SCRIPT.play(policy, site).kinds()).isEqualTo("CCRRCCCRRC");
        assertThat(SCRIPT.play(policy, site, 3).kinds()).isEqualTo("CCCCRRC");
        assertThat(SCRIPT.play(between, site, 3).kinds()).isEqualTo("CRRCCCC");
    }

    @Test
    void aWindowOfStepsIsTheSamePartOfAnySchedule() {
        CachePolicy policy = pab(Map.of(SubLayer.SELF_ATTENTION, new Cadence(2, StepWindow.ofSteps(0.3, 0.8))));
        assertThat(SCRIPT.play(policy, SubLayer.SELF_ATTENTION).kinds()).isEqualTo("CCCRCRCRCC");
    }

    @Test
    void refusesAModelWithoutSuchSubLayersAndWhatHasNoMeaning() {
        ModelOutline opaque = outline(Set.of());
        ModelOutline joint = outline(Set.of(SubLayer.SELF_ATTENTION, SubLayer.FEED_FORWARD));
        CachePolicy cross = pab(Map.of(SubLayer.CROSS_ATTENTION, new Cadence(6, StepWindow.ofTimesteps(100, 800))));
        CachePolicy late =
                new PyramidAttentionBroadcast(Map.of(), new FeedForwardBroadcast(List.of(700), Set.of(4), 2));
        assertThatThrownBy(() -> policy().requireFit(opaque, 20)).hasMessageContaining("none of the sub-layers");
        assertThatThrownBy(() -> cross.requireFit(joint, 20)).hasMessageContaining("none of the sub-layers");
        assertThatThrownBy(() -> late.requireFit(joint, 20)).hasMessageContaining("4 blocks");
        assertThatThrownBy(() -> pab(Map.of(SubLayer.FEED_FORWARD, new Cadence(2, StepWindow.ofTimesteps(0, 2)))))
                .hasMessageContaining("FEED_FORWARD");
        assertThatThrownBy(() -> new Cadence(0, StepWindow.ofTimesteps(0, 2))).hasMessageContaining("every 0");
        assertThatThrownBy(() -> new Cadence(2, 2, StepWindow.ofTimesteps(0, 2)))
                .hasMessageContaining("phase 2");
        assertThatThrownBy(() -> StepWindow.ofTimesteps(2, 1)).hasMessageContaining("[2.0, 1.0]");
        assertThatThrownBy(() -> StepWindow.ofTimesteps(0.2, 0.8)).hasMessageContaining("[0.2, 0.8]");
        assertThatThrownBy(() -> StepWindow.ofTimesteps(1, 2)).hasMessageContaining("a timestep, between them");
        assertThatThrownBy(() -> StepWindow.ofSteps(0.1, 850)).hasMessageContaining("of 0 to 1, shares of the steps");
        assertThatThrownBy(() -> new FeedForwardBroadcast(List.of(1), Set.of(), 2))
                .hasMessageContaining("blocks []");
        assertThatThrownBy(() -> new FeedForwardBroadcast(List.of(1), Set.of(-1), 2))
                .hasMessageContaining("-1");
    }

    private static ModelOutline outline(Set<SubLayer> subLayers) {
        return new ModelOutline(4, subLayers, Set.of(), List.of(1, 2, 2), List.of(Branch.CONDITIONED));
    }

    private static PyramidAttentionBroadcast pab(Map<SubLayer, Cadence> attentions) {
        return new PyramidAttentionBroadcast(attentions, FeedForwardBroadcast.NONE);
    }
}
