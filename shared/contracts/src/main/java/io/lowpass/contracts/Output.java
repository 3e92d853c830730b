package io.lowpass.contracts;

/**
 * Where the video goes.
 *
 * @param bucket the S3 bucket
 * @param key the object key within it
 */
public record Output(String bucket, String key) {}
