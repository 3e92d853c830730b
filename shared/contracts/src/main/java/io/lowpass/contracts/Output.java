package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * Where the video goes.
 *
 * @param bucket the S3 bucket
 * @param key the object key within it
 * @param overwrite whether the key may be that of another job's video, which is lost then; if absent, it may not
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Output(String bucket, String key, Optional<Boolean> overwrite) {

    /** A place that no other job's video may have. */
    public Output(String bucket, String key) {
        this(bucket, key, Optional.empty());
    }

    /** Whether another job's video may be lost. */
    public boolean mayOverwrite() {
        return overwrite.orElse(false);
    }

    /** The place as a URI, the same for two jobs that write to one object. */
    public String uri() {
        return "s3://" + bucket + "/" + key;
    }
}
