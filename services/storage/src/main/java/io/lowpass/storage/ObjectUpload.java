package io.lowpass.storage;

import io.lowpass.contracts.ObjectMetadata;
import io.lowpass.streaming.StageException;
import io.minio.StatObjectResponse;
import io.minio.messages.Part;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Uploads one object: parts are sent as soon as they are large enough; a small object is sent in one call. */
final class ObjectUpload implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ObjectUpload.class);

    /** S3's minimum part size, except for the last part. */
    static final int PART = 5 << 20;

    private final ObjectStore store;
    private final ObjectPath path;
    private final UploadRetry retry;
    private final Map<String, String> metadata;
    private final MessageDigest digest;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private final List<Part> parts = new ArrayList<>();
    private Optional<String> uploadId = Optional.empty();
    private Optional<String> etag = Optional.empty();
    private long bytes;

    ObjectUpload(ObjectStore store, ObjectPath path, UploadRetry retry, Map<String, String> metadata) {
        this.store = store;
        this.path = path;
        this.retry = retry;
        this.metadata = metadata;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * Ensures that the bucket exists, and finds uploads of earlier attempts.
     *
     * @return ids of unfinished uploads to this location
     */
    List<String> begin() throws InterruptedException {
        return retry.call(() -> {
            store.ensureBucket(path.bucket());
            return store.unfinished(path);
        });
    }

    /** Aborts abandoned uploads. */
    void forget(List<String> uploads) {
        uploads.forEach(this::forget);
    }

    /** Adds the next bytes. */
    void write(ByteBuffer next) throws InterruptedException {
        byte[] copy = new byte[next.remaining()];
        next.get(copy);
        digest.update(copy);
        bytes += copy.length;
        waiting.writeBytes(copy);
        if (waiting.size() >= PART) {
            flush();
        }
    }

    private void flush() throws InterruptedException {
        if (uploadId.isEmpty()) {
            uploadId = Optional.of(retry.call(() -> store.begin(path, metadata)));
        }
        byte[] part = waiting.toByteArray();
        String id = uploadId.get();
        parts.add(retry.call(() -> store.part(path, id, parts.size() + 1, part)));
        waiting.reset();
    }

    /** Completes the object. */
    void finish() throws InterruptedException {
        if (uploadId.isEmpty()) {
            byte[] whole = waiting.toByteArray();
            etag = Optional.of(retry.call(() -> store.put(path, whole, metadata)));
            return;
        }
        if (waiting.size() > 0) {
            flush();
        }
        complete(uploadId.get());
        uploadId = Optional.empty();
    }

    private void complete(String id) throws InterruptedException {
        try {
            etag = Optional.of(retry.call(() -> store.complete(path, id, parts)));
        } catch (StageException e) {
            // The response to an earlier try may have been lost: then the upload no longer exists
            // because it was completed.
            Optional<StatObjectResponse> object = isGone(e) ? ours() : Optional.empty();
            etag = object.map(StatObjectResponse::etag);
            if (object.isEmpty()) {
                throw e;
            }
        }
    }

    private static boolean isGone(StageException e) {
        return e.getCause() instanceof StoreException answer && answer.errorClass() == StoreErrorClass.NO_UPLOAD;
    }

    private Optional<StatObjectResponse> ours() throws InterruptedException {
        return retry.call(() -> store.find(path)).filter(this::isOurs);
    }

    private boolean isOurs(StatObjectResponse object) {
        return isOf(object, metadata.getOrDefault(ObjectMetadata.JOB_ID, ""), bytes);
    }

    /** Whether the object is the job's video with this size. */
    static boolean isOf(StatObjectResponse object, String jobId, long size) {
        return object.size() == size && jobId.equals(object.userMetadata().getFirst(ObjectMetadata.JOB_ID));
    }

    /** Number of bytes added. */
    long bytes() {
        return bytes;
    }

    /** The object's ETag, once it is complete. */
    Optional<String> etag() {
        return etag;
    }

    /** SHA-256 of the whole object, in hexadecimal; may be called once, at the end. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void forget(String id) {
        try {
            store.abort(path, id);
        } catch (StoreException e) {
            LOG.warnf("Parts of %s stay until the next attempt: %s", path.uri(), e.getMessage());
        }
    }

    /** Aborts an unfinished upload. */
    @Override
    public void close() {
        uploadId.ifPresent(this::forget);
    }
}
