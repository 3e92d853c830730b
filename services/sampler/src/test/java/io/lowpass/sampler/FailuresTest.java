package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.JobEvent.Failure;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void whatEveryAttemptWouldMeetIsPermanent() {
        assertThat(Failures.of(new IllegalArgumentException("too coarse")))
                .isEqualTo(new Failure("REQUEST.UNFIT", ErrorClass.PERMANENT, "too coarse"));
        assertThat(Failures.of(new EngineException("CUDA out of memory. Tried to allocate 9 GiB")))
                .extracting(Failure::code, Failure::errorClass)
                .containsExactly("RESOURCE.MEMORY", ErrorClass.PERMANENT);
        assertThat(Failures.of(new OutOfMemoryError("Java heap space")).errorClass())
                .isEqualTo(ErrorClass.PERMANENT);
    }

    @Test
    void whatMayPassIsRetryable() {
        assertThat(Failures.of(new TimeoutException("no broker")))
                .isEqualTo(new Failure("BROKER.UNAVAILABLE", ErrorClass.RETRYABLE, "no broker"));
        assertThat(Failures.of(new EngineException("device lost")).errorClass()).isEqualTo(ErrorClass.RETRYABLE);
        assertThat(Failures.of(new IllegalStateException()))
                .isEqualTo(new Failure("SAMPLER.ERROR", ErrorClass.RETRYABLE, "IllegalStateException"));
    }

    @Test
    void theCauseIsFoundWithinTheWrappersOfFutures() {
        // Given
        IllegalStateException cause = new IllegalStateException("x");

        // Then
        assertThat(Failures.cause(new CompletionException(new CompletionException(cause))))
                .isSameAs(cause);
    }
}
