package io.lowpass.caching.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.fields.InvalidFieldsException;
import io.lowpass.fields.policies.PolicyTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where each method that a request can name says no. */
class RefusalsTest {

    private static final ModelOutline WHOLE = new ModelOutline(
            40,
            Set.of(SubLayer.SELF_ATTENTION, SubLayer.CROSS_ATTENTION, SubLayer.FEED_FORWARD),
            Set.of(Signal.values()),
            List.of(1, 2, 2),
            List.of(Branch.CONDITIONED, Branch.UNCONDITIONED));

    /** A single block into which nothing can be interposed, of which nothing is known before, without guidance. */
    private static final ModelOutline BARE =
            new ModelOutline(1, Set.of(), Set.of(), List.of(1, 2, 2), List.of(Branch.CONDITIONED));

    /** Methods that reuse something; the controls do as they are told. */
    static Stream<String> methods() {
        return CachePolicies.names().stream().filter(name -> !name.equals("none") && !name.equals("fixed"));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodRefusesSchedulesOfFewSteps(String name) {
        for (int steps : List.of(1, 2, 4, 8)) {
            assertThatThrownBy(() -> policy(name).requireFit(WHOLE, steps))
                    .as("%s steps", steps)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("steps " + steps);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodTakesAWholeModelAndAnUsualSchedule(String name) {
        assertThatCode(() -> policy(name).requireFit(WHOLE, 30)).doesNotThrowAnyException();
    }

    @Test
    void aModelOnWhichAMethodDoesNothingIsRefused() {
        // When
        TreeSet<String> refused = new TreeSet<>();
        methods()
                .filter(name -> catchThrowable(() -> policy(name).requireFit(BARE, 30)) != null)
                .forEach(refused::add);
        // Then: what is left works on predictions, or on the blocks as one
        assertThat(refused).containsExactly("dbcache", "fastercache", "firstblock", "pab", "taylorseer", "teacache");
    }

    @Test
    void blocksOfWhichLessThanOneIsCachedAreRefused() {
        CachePolicy flash = CachePolicies.of("precise", Optional.of("flash"), Map.of());
        assertThatThrownBy(() -> flash.requireFit(BARE, 30)).hasMessageContaining("cachedFraction");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "fixed"})
    void theControlsDoAsTheyAreTold(String name) {
        CachePolicy policy =
                CachePolicies.of(name, Optional.empty(), name.equals("none") ? Map.of() : Map.of("every", 2));
        assertThatCode(() -> policy.requireFit(BARE, 2)).doesNotThrowAnyException();
    }

    @Test
    void aPresetKeepsTheUnitOfItsWindows() {
        assertThatThrownBy(
                        () -> CachePolicies.of("pab", Optional.of("cogvideox"), Map.of("windowUnit", "stepFraction")))
                .isInstanceOf(InvalidFieldsException.class)
                .hasMessage(
                        "cache.windowUnit is \"stepFraction\", allowed is timestep, the unit of the preset's spatialWindow");
        assertThatThrownBy(
                        () -> CachePolicies.of("fastercache", Optional.of("wan2.1"), Map.of("windowUnit", "timestep")))
                .hasMessage("cache.windowUnit is \"timestep\", allowed is stepFraction, the unit of the preset's"
                        + " attentionWindow, highWindow, lowWindow, unconditionalWindow");
        // A request that brings all windows itself may count them as it likes.
        assertThat(CachePolicies.of(
                        "pab",
                        Optional.of("cogvideox"),
                        Map.of("windowUnit", "stepFraction", "spatialWindow", List.of(0.2, 0.8))))
                .isEqualTo(CachePolicies.of(
                        "pab",
                        Optional.empty(),
                        Map.of("windowUnit", "stepFraction", "spatialWindow", List.of(0.2, 0.8), "spatialRange", 2)));
        assertThat(CachePolicies.of("pab", Optional.of("wan2.1"), Map.of("windowUnit", "stepFraction")))
                .isEqualTo(CachePolicies.of("pab", Optional.of("wan2.1"), Map.of()));
    }

    private static CachePolicy policy(String name) {
        boolean needsConstants = Set.of("teacache", "magcache").contains(name);
        Optional<String> preset = needsConstants
                ? PolicyTable.policies().get(name).presets().keySet().stream().findFirst()
                : Optional.empty();
        return CachePolicies.of(name, preset, Map.of());
    }
}
