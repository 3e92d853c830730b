package io.lowpass.storage;

import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Video;
import io.minio.StatObjectResponse;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * Serves finished videos by job, for players without credentials for the bucket. It serves only the object that the job
 * made: if another job or client has overwritten it, the video is gone.
 */
@Path("/videos")
public class VideoResource {

    private static final String RETRY_AFTER_SECONDS = "5";

    private final StorageService service;

    VideoResource(StorageService service) {
        this.service = service;
    }

    /** The video of a completed job, or the range given in the Range header. */
    @GET
    @Blocking
    @Path("/{jobId}")
    public Response video(@PathParam("jobId") String jobId, @Context HttpHeaders headers) {
        return answer(jobId, headers, true);
    }

    /** The headers without the video. */
    @HEAD
    @Blocking
    @Path("/{jobId}")
    public Response head(@PathParam("jobId") String jobId, @Context HttpHeaders headers) {
        return answer(jobId, headers, false);
    }

    private Response answer(String jobId, HttpHeaders headers, boolean body) {
        Optional<JobEvent.Completed> end = service.completed(jobId);
        if (end.isEmpty()) {
            return service.knows(jobId)
                    ? problem(Response.Status.NOT_FOUND, "VIDEO.UNKNOWN", "no completed job has this id", body)
                    : unavailable(
                            "BROKER.AWAY",
                            "it is not known yet which jobs are completed: the broker has not responded",
                            body);
        }
        try {
            return answer(end.get(), headers, body);
        } catch (StoreException e) {
            return e.isGone()
                    ? problem(
                            Response.Status.GONE,
                            "VIDEO.GONE",
                            "the object no longer exists, or has been replaced",
                            body)
                    : unavailable("STORE.AWAY", "the object store does not answer", body);
        }
    }

    private Response answer(JobEvent.Completed end, HttpHeaders headers, boolean body) {
        Video video = end.output();
        Preconditions conditions = new Preconditions(headers, video.sha256(), end.at());
        if (conditions.isFailed()) {
            verify(video, end.jobId());
            return problem(Response.Status.PRECONDITION_FAILED, "VIDEO.OTHER", "the video has changed", body);
        }
        if (conditions.isNotModified()) {
            verify(video, end.jobId());
            return validated(Response.Status.NOT_MODIFIED, conditions).build();
        }
        // Range applies to GET only.
        return body ? stretch(end, conditions) : whole(end, conditions);
    }

    private Response whole(JobEvent.Completed end, Preconditions conditions) {
        verify(end.output(), end.jobId());
        return described(Response.Status.OK, end.output(), conditions)
                .header(HttpHeaders.CONTENT_LENGTH, end.output().bytes())
                .build();
    }

    private Response stretch(JobEvent.Completed end, Preconditions conditions) {
        Video video = end.output();
        Optional<ByteRange> asked;
        try {
            asked = ByteRange.of(conditions.range(), video.bytes());
        } catch (IllegalArgumentException e) {
            verify(video, end.jobId());
            return validated(Response.Status.REQUESTED_RANGE_NOT_SATISFIABLE, conditions)
                    .header("Content-Range", "bytes */" + video.bytes())
                    .build();
        }
        ByteRange range = asked.orElse(new ByteRange(0, video.bytes()));
        String etag = video.etag().orElseGet(() -> verify(video, end.jobId()));
        InputStream bytes = service.store().read(path(video), Optional.of(etag), range.first(), range.length());
        StreamingOutput output = client -> {
            // The client may disconnect at any byte; the store's connection is released anyway.
            try (bytes) {
                bytes.transferTo(client);
            }
        };
        Response.ResponseBuilder response = described(
                        asked.isPresent() ? Response.Status.PARTIAL_CONTENT : Response.Status.OK, video, conditions)
                .entity(output)
                .header(HttpHeaders.CONTENT_LENGTH, range.length());
        asked.ifPresent(part -> response.header("Content-Range", part.contentRange(video.bytes())));
        return response.build();
    }

    /**
     * Verifies that the object is the one that the job made; returns its ETag.
     *
     * @throws StoreException if it is not
     */
    private String verify(Video video, String jobId) {
        StatObjectResponse object = service.store().stat(path(video), video.etag());
        // Older storage services published no ETag.
        if (video.etag().isEmpty() && !ObjectUpload.isOf(object, jobId, video.bytes())) {
            throw new StoreException("", StoreErrorClass.OTHER_OBJECT, "the object is another one", null);
        }
        return object.etag();
    }

    private static ObjectPath path(Video video) {
        return new ObjectPath(video.bucket(), video.key());
    }

    private static Response.ResponseBuilder described(Response.Status status, Video video, Preconditions conditions) {
        return validated(status, conditions).header(HttpHeaders.CONTENT_TYPE, video.mime());
    }

    private static Response.ResponseBuilder validated(Response.Status status, Preconditions conditions) {
        return Response.status(status)
                .header("Accept-Ranges", "bytes")
                // Another job may overwrite the object: clients must revalidate a cached video.
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header(HttpHeaders.ETAG, '"' + conditions.etag() + '"')
                .header(HttpHeaders.LAST_MODIFIED, Preconditions.text(conditions.lastModified()));
    }

    private static Response unavailable(String code, String message, boolean body) {
        Response answer = problem(Response.Status.SERVICE_UNAVAILABLE, code, message, body);
        return Response.fromResponse(answer)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .build();
    }

    private static Response problem(Response.Status status, String code, String message, boolean body) {
        Response.ResponseBuilder response = Response.status(status).type(MediaType.APPLICATION_JSON_TYPE);
        return (body ? response.entity(Map.of("code", code, "message", message)) : response).build();
    }
}
