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
 * The object store by its S3 interface: single calls, each of which either succeeds or throws a {@link StoreException}
 * that says whether it may be repeated. Safe for many threads.
 */
public final class ObjectStore implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /** Calls at a time: a few that hang must not keep the others from being made. */
    private static final int CALLS = 64;

    /** Content type of every object. */
    static final String MIME = "video/mp4";

    private final OkHttpClient http;
    private final MinioAsyncClient client;
    private final String region;
    private final Set<String> buckets = ConcurrentHashMap.newKeySet();

    /** Connects to nothing yet. */
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

    /** Makes the bucket if it is not there. */
    void ensureBucket(String bucket) {
        if (!buckets.contains(bucket)) {
            restoreBucket(bucket);
        }
    }

    /** As {@link #ensureBucket}, of a bucket that may have been deleted since. */
    void restoreBucket(String bucket) {
        if (!exists(bucket)) {
            make(bucket);
        }
        buckets.add(bucket);
    }

    /** Whether the store answers anything about the bucket, be it that it is not there. */
    boolean answers(String bucket) {
        try {
            exists(bucket);
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    /** Whether the bucket is there. */
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
            // Another storage service was quicker.
            if (!e.code().equals("BucketAlreadyOwnedByYou")) {
                throw e;
            }
        }
    }

    /** Writes a small object at once; its ETag. */
    String put(ObjectPath path, byte[] bytes, Map<String, String> metadata) {
        return unquoted(await(
                        path.bucket(),
                        client.putObject(PutObjectAPIArgs.builder()
                                .bucket(path.bucket())
                                .object(path.key())
                                .headers(new Http.Headers(metadata(metadata)))
                                // Not among the headers: the body sets it anew, after the signature.
                                .contentType(MIME)
                                .data(bytes, bytes.length)
                                .build()))
                .etag());
    }

    /** Begins an object of parts; its upload id. */
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

    /** Writes a part of at least 5 MiB, or the last of any size. */
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

    /** Makes the parts an object, which is there from then on; its ETag. */
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

    /** Forgets the parts of an upload. */
    void abort(ObjectPath path, String uploadId) {
        await(
                path.bucket(),
                client.abortMultipartUpload(AbortMultipartUploadArgs.builder()
                        .bucket(path.bucket())
                        .object(path.key())
                        .uploadId(uploadId)
                        .build()));
    }

    /** Uploads to this place that were begun and neither completed nor aborted. */
    List<String> unfinished(ObjectPath path) {
        return unfinished(path.bucket(), path.key()).stream()
                .filter(upload -> upload.path().equals(path))
                .map(Unfinished::uploadId)
                .toList();
    }

    /** An upload that was begun and neither completed nor aborted. */
    record Unfinished(ObjectPath path, String uploadId) {}

    /** All such uploads to keys of the bucket that begin so. */
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

    /** As {@link #stat}, of an object that may not be there. */
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
     * @param etag of the object that is meant; another one is not told of
     */
    StatObjectResponse stat(ObjectPath path, Optional<String> etag) {
        StatObjectArgs.Builder asked =
                StatObjectArgs.builder().bucket(path.bucket()).object(path.key());
        etag.ifPresent(tag -> asked.matchETag(quoted(tag)));
        return await(path.bucket(), client.statObject(asked.build()));
    }

    /**
     * A stretch of an object, to be closed by the caller.
     *
     * @param etag of the object that is meant; another one is not read
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

    /** The tag alone: the answer to a completed upload has it in quotes. */
    private static String unquoted(String etag) {
        return etag.replace("\"", "");
    }

    /** Connections that a call holds now: what was read and not closed holds one for ever. */
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
