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

/** One object on its way to the store: parts leave as soon as they are large enough; a small object goes at once. */
final class ObjectUpload implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ObjectUpload.class);

    /** S3 takes no smaller part but the last. */
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
     * Makes sure that the bucket is there, and looks for what an attempt before left in it.
     *
     * @return uploads to this place that are none of this
     */
    List<String> begin() throws InterruptedException {
        return retry.insist(() -> {
            store.ensureBucket(path.bucket());
            return store.unfinished(path);
        });
    }

    /** Forgets the parts of uploads that nobody will finish. */
    void forget(List<String> uploads) {
        uploads.forEach(this::forget);
    }

    /** Takes the next bytes. */
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
            uploadId = Optional.of(retry.insist(() -> store.begin(path, metadata)));
        }
        byte[] part = waiting.toByteArray();
        String id = uploadId.get();
        parts.add(retry.insist(() -> store.part(path, id, parts.size() + 1, part)));
        waiting.reset();
    }

    /** Makes the object final. */
    void finish() throws InterruptedException {
        if (uploadId.isEmpty()) {
            byte[] whole = waiting.toByteArray();
            etag = Optional.of(retry.insist(() -> store.put(path, whole, metadata)));
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
            etag = Optional.of(retry.insist(() -> store.complete(path, id, parts)));
        } catch (StageException e) {
            // The answer to an earlier try may have got lost: then the upload is gone because it is an object.
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
        return retry.insist(() -> store.find(path)).filter(this::isOurs);
    }

    private boolean isOurs(StatObjectResponse object) {
        return isOf(object, metadata.getOrDefault(ObjectMetadata.JOB_ID, ""), bytes);
    }

    /** Whether the object is the video of this size that the job made. */
    static boolean isOf(StatObjectResponse object, String jobId, long size) {
        return object.size() == size && jobId.equals(object.userMetadata().getFirst(ObjectMetadata.JOB_ID));
    }

    /** Bytes taken so far. */
    long bytes() {
        return bytes;
    }

    /** The store's tag of the object, once it is final. */
    Optional<String> etag() {
        return etag;
    }

    /** SHA-256 of the whole object, in hexadecimal; to be asked once, at the end. */
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

    /** Forgets the parts of an upload that did not finish. */
    @Override
    public void close() {
        uploadId.ifPresent(this::forget);
    }
}
