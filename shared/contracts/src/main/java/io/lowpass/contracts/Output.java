package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * Where the video is stored.
 *
 * @param bucket the S3 bucket
 * @param key the object key within it
 * @param overwrite whether another job's video at this key may be overwritten; false if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Output(String bucket, String key, Optional<Boolean> overwrite) {

    /** A location without permission to overwrite. */
    public Output(String bucket, String key) {
        this(bucket, key, Optional.empty());
    }

    /** Whether another job's video may be overwritten. */
    public boolean mayOverwrite() {
        return overwrite.orElse(false);
    }

    /** The location as a URI; equal for jobs that write to the same object. */
    public String uri() {
        return "s3://" + bucket + "/" + key;
    }
}
