package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.caching.settings.CachePolicies;
import org.junit.jupiter.api.Test;

/** The only module that sees both what requests may name and what can be made of it. */
class CachePoliciesAgreeTest {

    @Test
    void everyMethodThatARequestMayNameCanBeMadeAndTheOtherWayRound() {
        assertThat(io.lowpass.contracts.request.CachePolicies.names())
                .containsExactlyInAnyOrderElementsOf(CachePolicies.names());
    }
}
