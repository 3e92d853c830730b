package io.lowpass.caching;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.cost.TokenCount;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.testing.ToyHunyuan;
import io.lowpass.testing.ToyRun;
import io.lowpass.testing.ToyTransformer;
import io.lowpass.testing.ToyWan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the cost model makes of the work of each method, against the multiplications that the toys really did. */
class PolicyCostTest {

    static Stream<Arguments> policies() {
        return Stream.of(
                Arguments.of("none", Map.of()),
                Arguments.of("fixed", Map.of("every", 3)),
                Arguments.of("precise", Map.of("alpha", 2, "reuse", "taylor1")),
                Arguments.of("precise", Map.of("alpha", 2, "spatialFactor", 2, "blocks", Map.of("reuse", 2))),
                Arguments.of("teacache", Map.of("threshold", 0.5, "coefficients", List.of(1, 0), "signal", "input")),
                Arguments.of("easycache", Map.of("threshold", 0.5, "warmUp", 3)),
                Arguments.of("magcache", Map.of("threshold", 0.1, "ratios", List.of(0.99))),
                Arguments.of("firstblock", Map.of("threshold", 0.5)),
                Arguments.of("dbcache", Map.of("fn", 2, "bn", 1, "threshold", 0.5, "warmUp", 2)),
                Arguments.of("seacache", Map.of("threshold", 0.5)),
                Arguments.of("taylorseer", Map.of("interval", 4)),
                Arguments.of("taylorseer", Map.of("scope", "prediction")),
                Arguments.of(
                        "pab",
                        Map.of(
                                "windowUnit",
                                "stepFraction",
                                "crossRange",
                                4,
                                "feedForward",
                                Map.of("starts", List.of(700, 400), "blocks", List.of(0, 2)))),
                Arguments.of("fastercache", Map.of("windowUnit", "stepFraction")));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void everyMultiplicationIsAccountedFor(String name, Map<String, Object> options) {
        CachePolicy policy = CachePolicies.of(name, Optional.empty(), options);
        try (NDManager manager = NDManager.newBaseManager()) {
            for (ToyTransformer toy : List.of(new ToyWan(manager, 4), new ToyHunyuan(manager, 4))) {
                // When
                Work work = ToyRun.of(toy, policy, ToyRun.Setup.USUAL).work();
                // Then
                TokenCount tokens = TokenCount.of(ToyRun.Setup.USUAL.shape(), toy.patch());
                assertThat(toy.cost().of(work, tokens)).as("%s", work).isEqualTo((double) toy.multiplyAdds());
            }
        }
    }
}
