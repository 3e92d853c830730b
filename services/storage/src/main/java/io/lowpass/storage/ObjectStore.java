package io.lowpass.storage;

import io.minio.AbortMultipartUploadArgs;
import io.minio.BucketExistsArgs;
import io.minio.CompleteMultipartUploadArgs;
import io.minio.CreateMultipartUploadArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.Http;
import io.minio.ListMultipartUploadsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.PutObjectAPIArgs;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.UploadPartArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.messages.Part;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;

/**
 * The object store by its S3 interface: single calls, each of which either succeeds or throws a {@link StoreException}
 * that says whether it may be repeated. Safe for many threads.
 */
public final class ObjectStore implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final Set<Integer> PASSING = Set.of(408, 429);
    private static final int SERVER_TROUBLE = 500;
    /** Content type of every object. */
    static final String MIME = "video/mp4";

    private final MinioAsyncClient client;
    private final String region;
    private final Set<String> buckets = ConcurrentHashMap.newKeySet();

    /** Connects to nothing yet. */
    public ObjectStore(String endpoint, String accessKey, String secretKey, String region) {
        this.region = region;
        OkHttpClient http = new OkHttpClient.Builder()
                .connectTimeout(CONNECT)
                .readTimeout(SILENCE)
                .writeTimeout(SILENCE)
                .build();
        client = MinioAsyncClient.builder()
                .endpoint(endpoint)
                .credentials(accessKey, secretKey)
                .region(region)
                .httpClient(http, true)
                .build();
    }

    /** Makes the bucket if it is not there. */
    void ensureBucket(String bucket) {
        if (buckets.contains(bucket)) {
            return;
        }
        if (!exists(bucket)) {
            make(bucket);
        }
        buckets.add(bucket);
    }

    /** Whether the bucket is there. */
    boolean exists(String bucket) {
        return await(
                client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build()));
    }

    private void make(String bucket) {
        try {
            await(client.makeBucket(
                    MakeBucketArgs.builder().bucket(bucket).region(region).build()));
        } catch (StoreException e) {
            // Another storage service was quicker.
            if (!e.code().equals("BucketAlreadyOwnedByYou")) {
                throw e;
            }
        }
    }

    /** Writes a small object at once. */
    void put(ObjectPath path, byte[] bytes, Map<String, String> metadata) {
        await(client.putObject(PutObjectAPIArgs.builder()
                .bucket(path.bucket())
                .object(path.key())
                .headers(new Http.Headers(metadata(metadata)))
                // Not among the headers: the body sets it anew, after the signature.
                .contentType(MIME)
                .data(bytes, bytes.length)
                .build()));
    }

    /** Begins an object of parts; its upload id. */
    String begin(ObjectPath path, Map<String, String> metadata) {
        Map<String, String> headers = metadata(metadata);
        headers.put("Content-Type", MIME);
        return await(client.createMultipartUpload(CreateMultipartUploadArgs.builder()
                        .bucket(path.bucket())
                        .object(path.key())
                        .headers(new Http.Headers(headers))
                        .build()))
                .result()
                .uploadId();
    }

    /** Writes a part of at least 5 MiB, or the last of any size. */
    Part part(ObjectPath path, String uploadId, int number, byte[] bytes) {
        return await(client.uploadPart(UploadPartArgs.builder()
                        .bucket(path.bucket())
                        .object(path.key())
                        .uploadId(uploadId)
                        .partNumber(number)
                        .data(bytes, bytes.length)
                        .build()))
                .part();
    }

    /** Makes the parts an object, which is there from then on. */
    void complete(ObjectPath path, String uploadId, List<Part> parts) {
        await(client.completeMultipartUpload(CompleteMultipartUploadArgs.builder()
                .bucket(path.bucket())
                .object(path.key())
                .uploadId(uploadId)
                .parts(parts.toArray(Part[]::new))
                .build()));
    }

    /** Forgets the parts of an upload. */
    void abort(ObjectPath path, String uploadId) {
        await(client.abortMultipartUpload(AbortMultipartUploadArgs.builder()
                .bucket(path.bucket())
                .object(path.key())
                .uploadId(uploadId)
                .build()));
    }

    /** Uploads to this place that were begun and neither completed nor aborted. */
    List<String> unfinished(ObjectPath path) {
        return await(client.listMultipartUploads(ListMultipartUploadsArgs.builder()
                        .bucket(path.bucket())
                        .prefix(path.key())
                        .build()))
                .result()
                .uploads()
                .stream()
                .filter(upload -> upload.objectName().equals(path.key()))
                .map(upload -> upload.uploadId())
                .toList();
    }

    /** As {@link #stat}, of an object that may not be there. */
    Optional<StatObjectResponse> find(ObjectPath path) {
        try {
            return Optional.of(stat(path));
        } catch (StoreException e) {
            if (e.code().equals("NoSuchKey")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Size, type and metadata of an object. */
    StatObjectResponse stat(ObjectPath path) {
        return await(client.statObject(StatObjectArgs.builder()
                .bucket(path.bucket())
                .object(path.key())
                .build()));
    }

    /** A stretch of an object, to be closed by the caller. */
    GetObjectResponse read(ObjectPath path, long offset, long length) {
        return await(client.getObject(GetObjectArgs.builder()
                .bucket(path.bucket())
                .object(path.key())
                .offset(offset)
                .length(length)
                .build()));
    }

    private static Map<String, String> metadata(Map<String, String> metadata) {
        Map<String, String> headers = new HashMap<>();
        metadata.forEach((name, value) -> headers.put("x-amz-meta-" + name, value));
        return headers;
    }

    private static <T> T await(CompletableFuture<T> call) {
        try {
            return call.join();
        } catch (CompletionException e) {
            throw translate(e);
        }
    }

    private static StoreException translate(CompletionException failure) {
        return Stream.<Throwable>iterate(failure, t -> t != null, Throwable::getCause)
                .filter(ErrorResponseException.class::isInstance)
                .map(ErrorResponseException.class::cast)
                .findFirst()
                .map(answer -> refused(answer, failure))
                .orElseGet(() ->
                        new StoreException("", true, "the object store does not answer: " + root(failure), failure));
    }

    private static StoreException refused(ErrorResponseException answer, CompletionException failure) {
        int status = answer.response().code();
        String code = answer.errorResponse().code();
        boolean away = status >= SERVER_TROUBLE || PASSING.contains(status);
        return new StoreException(
                code, away, "the object store answers " + status + " " + code + ": " + answer.getMessage(), failure);
    }

    private static String root(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure.toString() : root(cause);
    }

    @Override
    public void close() {
        client.close();
    }
}
