package io.lowpass.models;

import io.lowpass.testing.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {

    @Test
    void followsTheHouseRules() {
        HouseRules.check();
    }
}
