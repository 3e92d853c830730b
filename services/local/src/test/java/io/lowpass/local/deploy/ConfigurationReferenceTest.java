package io.lowpass.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lowpass.testing.ReferencePage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of configuration keys, which is generated from the interfaces that read them. */
class ConfigurationReferenceTest {

    private final ConfigurationKeys keys = ConfigurationKeys.readIn(Path.of(System.getProperty("lowpass.root")));

    ConfigurationReferenceTest() throws IOException {}

    @Test
    void thePageNamesEveryKeyWithItsDefaultAndMeaning() throws IOException {
        new ReferencePage("CONFIGURATION.md").check(keys.markdown());
    }

    @Test
    void everyKeyIsExplained() {
        assertThat(keys.all())
                .isNotEmpty()
                .allSatisfy(key -> assertThat(key.meaning()).as(key.name()).isNotEmpty());
    }

    @Test
    void aKeyIsReadWithTheDefaultThatTheCodeHas() {
        assertThat(keys.all())
                .extracting(ConfigurationKeys.Key::name, ConfigurationKeys.Key::initial)
                .contains(
                        tuple("lowpass.ingestion.bucket", "`videos`"),
                        tuple("lowpass.models.<name>.vae-device", "`cpu`"),
                        tuple("lowpass.s3.secret-key", "none, on purpose"))
                .anySatisfy(key -> assertThat(key.toList()).contains("lowpass.catalogue"));
    }
}
