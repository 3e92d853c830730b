package io.lowpass.sampler;

import ai.djl.engine.EngineException;
import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.MalformedRecordException;
import io.lowpass.streaming.StageException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;

/** Classifies errors by whether another attempt may succeed. */
final class Failures {

    private Failures() {}

    /** The error within the wrappers that futures put around it. */
    static Throwable cause(Throwable error) {
        Throwable cause = error.getCause();
        boolean wrapper = error instanceof CompletionException || error instanceof ExecutionException;
        return wrapper && cause != null ? cause(cause) : error;
    }

    static Failure of(Throwable error) {
        if (error instanceof StageException known) {
            return known.failure();
        }
        if (error instanceof OutOfMemoryError || isDeviceOutOfMemory(error)) {
            return new Failure("RESOURCE.MEMORY", ErrorClass.PERMANENT, "out of memory: " + Boundary.message(error));
        }
        if (error instanceof MalformedRecordException) {
            return new Failure("RECORD.MALFORMED", ErrorClass.PERMANENT, Boundary.message(error));
        }
        if (error instanceof IllegalArgumentException) {
            return new Failure("REQUEST.UNFIT", ErrorClass.PERMANENT, Boundary.message(error));
        }
        if (error instanceof KafkaException) {
            return new Failure("BROKER.UNAVAILABLE", ErrorClass.RETRYABLE, Boundary.message(error));
        }
        return new Failure("SAMPLER.ERROR", ErrorClass.RETRYABLE, Boundary.message(error));
    }

    /** Whether the broker did not respond in time, which is the fault of neither the job nor the worker. */
    static boolean isOfBroker(Throwable error) {
        return error instanceof RetriableException;
    }

    /** Another attempt at the same size on the same device would fail in the same way. */
    private static boolean isDeviceOutOfMemory(Throwable error) {
        String message = Boundary.message(error).toLowerCase(Locale.ROOT);
        return error instanceof EngineException
                && (message.contains("out of memory")
                        || message.contains("not enough memory")
                        || message.contains("can't allocate memory"));
    }
}
