package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WeightsLimitTest {

    private static final long MIB = 1L << 20;

    @Test
    void weightsMayTakeThreeQuartersButNotWhatAProcessTakesWithoutThem() {
        assertThat(SamplerService.weightsLimit(8192 * MIB)).isEqualTo(6144 * MIB);
        assertThat(SamplerService.weightsLimit(1024 * MIB)).isEqualTo(512 * MIB);
        assertThat(SamplerService.weightsLimit(256 * MIB)).isZero();
    }
}
