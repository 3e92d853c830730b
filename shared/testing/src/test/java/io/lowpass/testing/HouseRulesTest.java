package io.lowpass.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.lowpass.caching.example.ChangesInPlace;
import io.lowpass.caching.example.KnowsAModel;
import io.lowpass.models.example.ExampleModel;
import io.lowpass.models.example.Prints;
import io.lowpass.models.example.ThrowsAnything;
import io.lowpass.models.hunyuan.example.KnowsAnotherFamily;
import io.lowpass.sampler.example.KnowsAnotherService;
import io.lowpass.storage.example.ExampleService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HouseRulesTest {

    @Test
    void followsTheHouseRules() {
        HouseRules.check();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ChangesInPlace.class,
                KnowsAModel.class,
                Prints.class,
                ThrowsAnything.class,
                KnowsAnotherFamily.class,
                KnowsAnotherService.class
            })
    void eachRuleIsSeenBroken(Class<?> offender) {
        assertThatThrownBy(() -> HouseRules.check(new ClassFileImporter().importClasses(offender)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(offender.getSimpleName());
    }

    @Test
    void twoClassesOfOneNameAreSeen() {
        // Given: two top-level classes with the same simple name
        var classes = new ClassFileImporter()
                .importClasses(ExampleModel.class, io.lowpass.storage.example.ExampleModel.class);

        // Then
        assertThatThrownBy(() -> HouseRules.check(classes))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(ExampleModel.class.getName())
                .hasMessageContaining(io.lowpass.storage.example.ExampleModel.class.getName());
    }

    @Test
    void cleanCodePasses() {
        assertThatCode(() -> HouseRules.check(
                        new ClassFileImporter().importClasses(ExampleModel.class, ExampleService.class)))
                .doesNotThrowAnyException();
    }
}
