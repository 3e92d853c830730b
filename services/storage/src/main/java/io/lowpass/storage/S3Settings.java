package io.lowpass.storage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the object store. */
@ConfigMapping(prefix = "lowpass.s3")
public interface S3Settings {

    /** Address of the S3 store. */
    @WithDefault("http://localhost:9000")
    String endpoint();

    /** Access key. Default: none, on purpose. */
    String accessKey();

    /** Secret key. Default: none, on purpose. */
    String secretKey();

    /** Region of new buckets. */
    @WithDefault("us-east-1")
    String region();
}
