package io.lowpass.contracts.request;

import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.Job;
import java.util.List;

/** What became of a request. */
public sealed interface RequestOutcome {

    /** The job: named by the request's key, or else drawn. */
    String jobId();

    /**
     * Nothing is wrong with it.
     *
     * @param job with every default resolved
     * @param requestHash SHA-256 of the request in canonical form, in hexadecimal
     */
    record Taken(Job job, String requestHash) implements RequestOutcome {
        @Override
        public String jobId() {
            return job.jobId();
        }
    }

    /**
     * It cannot become a job.
     *
     * @param errors what is wrong with it, at least one; the first if there are many
     * @param moreErrors how many errors there are besides
     */
    record Refused(String jobId, List<FieldError> errors, int moreErrors) implements RequestOutcome {
        public Refused {
            errors = List.copyOf(errors);
        }
    }
}
