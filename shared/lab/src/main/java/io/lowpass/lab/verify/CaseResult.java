package io.lowpass.lab.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * The result of one reference case.
 *
 * @param name name of the case's folder
 * @param component the tested component
 * @param status passed, failed or unsupported
 * @param error the worst error over its tensors, on the scale of the case's tolerance; absent if nothing was compared
 * @param tensor the tensor with that error
 * @param reason why it failed or is unsupported, if no error explains it
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record CaseResult(
        @JsonProperty("case") String name,
        String component,
        Status status,
        Optional<Double> error,
        Optional<String> tensor,
        Optional<String> reason) {

    /** The status of a case. */
    enum Status {
        @JsonProperty("passed")
        PASSED,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("unsupported")
        UNSUPPORTED
    }

    static CaseResult without(String name, String component, Status status, String reason) {
        return new CaseResult(name, component, status, Optional.empty(), Optional.empty(), Optional.of(reason));
    }
}
