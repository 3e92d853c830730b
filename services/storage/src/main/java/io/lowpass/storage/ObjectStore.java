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
import io.minio.messages.ListMultipartUploadsResult;
import io.minio.messages.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/**
 * The object store over its S3 API. Each method is a single call that either succeeds or throws a {@link
 * StoreException}, which says whether it can be retried. Safe for many threads.
 */
public final class ObjectStore implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /** Number of concurrent calls, so that a few hanging ones do not block the others. */
    private static final int CALLS = 64;

    /** Content type of every object. */
    static final String MIME = "video/mp4";

    private final OkHttpClient http;
    private final MinioAsyncClient client;
    private final String region;
    private final Set<String> buckets = ConcurrentHashMap.newKeySet();

    /** Does not connect yet. */
    public ObjectStore(String endpoint, String accessKey, String secretKey, String region) {
        this.region = region;
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(CALLS);
        dispatcher.setMaxRequestsPerHost(CALLS);
        http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
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

    /** Creates the bucket if it does not exist. */
    void ensureBucket(String bucket) {
        if (!buckets.contains(bucket)) {
            restoreBucket(bucket);
        }
    }

    /** As {@link #ensureBucket}, for a bucket that may have been deleted since. */
    void restoreBucket(String bucket) {
        if (!exists(bucket)) {
            make(bucket);
        }
        buckets.add(bucket);
    }

    /** Whether the store responds to a query for the bucket, even negatively. */
    boolean answers(String bucket) {
        try {
            exists(bucket);
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    /** Whether the bucket exists. */
    boolean exists(String bucket) {
        return await(
                bucket,
                client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build()));
    }

    private void make(String bucket) {
        try {
            await(
                    bucket,
                    client.makeBucket(MakeBucketArgs.builder()
                            .bucket(bucket)
                            .region(region)
                            .build()));
        } catch (StoreException e) {
            // Another storage process created it first.
            if (!e.code().equals("BucketAlreadyOwnedByYou")) {
                throw e;
            }
        }
    }

    /** Uploads a small object in one call; returns its ETag. */
    String put(ObjectPath path, byte[] bytes, Map<String, String> metadata) {
        return unquoted(await(
                        path.bucket(),
                        client.putObject(PutObjectAPIArgs.builder()
                                .bucket(path.bucket())
                                .object(path.key())
                                .headers(new Http.Headers(metadata(metadata)))
                                // Not a signed header: the body sets it again after signing.
                                .contentType(MIME)
                                .data(bytes, bytes.length)
                                .build()))
                .etag());
    }

    /** Starts a multipart upload; returns its id. */
    String begin(ObjectPath path, Map<String, String> metadata) {
        Map<String, String> headers = metadata(metadata);
        headers.put("Content-Type", MIME);
        return await(
                        path.bucket(),
                        client.createMultipartUpload(CreateMultipartUploadArgs.builder()
                                .bucket(path.bucket())
                                .object(path.key())
                                .headers(new Http.Headers(headers))
                                .build()))
                .result()
                .uploadId();
    }

    /** Uploads a part of at least 5 MiB, or the last part of any size. */
    Part part(ObjectPath path, String uploadId, int number, byte[] bytes) {
        return await(
                        path.bucket(),
                        client.uploadPart(UploadPartArgs.builder()
                                .bucket(path.bucket())
                                .object(path.key())
                                .uploadId(uploadId)
                                .partNumber(number)
                                .data(bytes, bytes.length)
                                .build()))
                .part();
    }

    /** Completes a multipart upload; returns the object's ETag. */
    String complete(ObjectPath path, String uploadId, List<Part> parts) {
        return unquoted(await(
                        path.bucket(),
                        client.completeMultipartUpload(CompleteMultipartUploadArgs.builder()
                                .bucket(path.bucket())
                                .object(path.key())
                                .uploadId(uploadId)
                                .parts(parts.toArray(Part[]::new))
                                .build()))
                .etag());
    }

    /** Aborts a multipart upload. */
    void abort(ObjectPath path, String uploadId) {
        await(
                path.bucket(),
                client.abortMultipartUpload(AbortMultipartUploadArgs.builder()
                        .bucket(path.bucket())
                        .object(path.key())
                        .uploadId(uploadId)
                        .build()));
    }

    /** Ids of unfinished multipart uploads to this location. */
    List<String> unfinished(ObjectPath path) {
        return unfinished(path.bucket(), path.key()).stream()
                .filter(upload -> upload.path().equals(path))
                .map(Unfinished::uploadId)
                .toList();
    }

    /** An unfinished multipart upload. */
    record Unfinished(ObjectPath path, String uploadId) {}

    /** All unfinished multipart uploads in the bucket with the key prefix. */
    List<Unfinished> unfinished(String bucket, String prefix) {
        List<Unfinished> found = new ArrayList<>();
        ListMultipartUploadsArgs.Builder asked =
                ListMultipartUploadsArgs.builder().bucket(bucket).prefix(prefix);
        ListMultipartUploadsResult page;
        do {
            page = await(bucket, client.listMultipartUploads(asked.build())).result();
            page.uploads().stream()
                    .map(upload -> new Unfinished(new ObjectPath(bucket, upload.objectName()), upload.uploadId()))
                    .forEach(found::add);
            asked.keyMarker(page.nextKeyMarker()).uploadIdMarker(page.nextUploadIdMarker());
        } while (page.isTruncated());
        return found;
    }

    /** As {@link #stat}, for an object that may not exist. */
    Optional<StatObjectResponse> find(ObjectPath path) {
        try {
            return Optional.of(stat(path, Optional.empty()));
        } catch (StoreException e) {
            if (e.errorClass() == StoreErrorClass.NO_OBJECT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Size, type and metadata of an object.
     *
     * @param etag expected ETag; a different object counts as missing
     */
    StatObjectResponse stat(ObjectPath path, Optional<String> etag) {
        StatObjectArgs.Builder asked =
                StatObjectArgs.builder().bucket(path.bucket()).object(path.key());
        etag.ifPresent(tag -> asked.matchETag(quoted(tag)));
        return await(path.bucket(), client.statObject(asked.build()));
    }

    /**
     * Reads a range of an object; the caller closes the result.
     *
     * @param etag expected ETag; a different object is not read
     */
    GetObjectResponse read(ObjectPath path, Optional<String> etag, long offset, long length) {
        GetObjectArgs.Builder asked = GetObjectArgs.builder()
                .bucket(path.bucket())
                .object(path.key())
                .offset(offset)
                .length(length);
        etag.ifPresent(tag -> asked.matchETag(quoted(tag)));
        return await(path.bucket(), client.getObject(asked.build()));
    }

    private static String quoted(String etag) {
        return '"' + etag + '"';
    }

    /** The ETag without quotes, which the response to a completed upload has. */
    private static String unquoted(String etag) {
        return etag.replace("\"", "");
    }

    /** Number of busy connections: an unclosed response occupies one forever. */
    int busyConnections() {
        return http.connectionPool().connectionCount() - http.connectionPool().idleConnectionCount();
    }

    private static Map<String, String> metadata(Map<String, String> metadata) {
        Map<String, String> headers = new HashMap<>();
        metadata.forEach((name, value) -> headers.put("x-amz-meta-" + name, value));
        return headers;
    }

    private <T> T await(String bucket, CompletableFuture<T> call) {
        try {
            return call.join();
        } catch (CompletionException e) {
            StoreException known = StoreException.of(e);
            if (known.errorClass() == StoreErrorClass.NO_BUCKET) {
                buckets.remove(bucket);
            }
            throw known;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
