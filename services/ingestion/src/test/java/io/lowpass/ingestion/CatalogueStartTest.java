package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.arc.Arc;
import io.quarkus.arc.InjectableBean;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An application of its own, so that no other test has sent a request to it. */
@QuarkusTest
@TestProfile(CatalogueStartTest.OfItsOwn.class)
@QuarkusTestResource(IngestionBroker.class)
class CatalogueStartTest {

    /** Differs from other tests' by being another. */
    public static final class OfItsOwn implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("lowpass.ingestion.bucket", "others");
        }
    }

    @Test
    void theCatalogueIsReadWhenTheServiceStartsAndNotAtTheFirstRequest() {
        // Given
        InjectableBean<Admission> bean =
                Arc.container().instance(Admission.class).getBean();
        // When
        Admission read =
                Arc.container().getActiveContext(ApplicationScoped.class).get(bean);
        // Then
        assertThat(read).isNotNull();
    }
}
