package io.lowpass.storage;

import io.lowpass.contracts.JobEvent;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;

/** The finished videos by job, for players that have no key to the bucket. */
@Path("/videos")
public class VideoResource {

    private final StorageService service;

    VideoResource(StorageService service) {
        this.service = service;
    }

    /** The video of a completed job, or the stretch of it that the header Range asks for. */
    @GET
    @Blocking
    @Path("/{jobId}")
    public Response video(@PathParam("jobId") String jobId, @HeaderParam("Range") @DefaultValue("") String range) {
        Optional<JobEvent.Video> video = service.video(jobId);
        if (video.isEmpty()) {
            return problem(Response.Status.NOT_FOUND, "VIDEO.UNKNOWN", "no completed job has this id");
        }
        try {
            return answer(video.get(), range);
        } catch (IllegalArgumentException e) {
            return Response.status(Response.Status.REQUESTED_RANGE_NOT_SATISFIABLE)
                    .header("Content-Range", "bytes */" + video.get().bytes())
                    .build();
        } catch (StoreException e) {
            return e.isAway()
                    ? problem(Response.Status.SERVICE_UNAVAILABLE, "STORE.AWAY", "the object store does not answer")
                    : problem(Response.Status.NOT_FOUND, "VIDEO.GONE", "the object is not in the store any more");
        }
    }

    private Response answer(JobEvent.Video video, String header) {
        Optional<ByteRange> asked = ByteRange.of(header, video.bytes());
        ByteRange range = asked.orElse(new ByteRange(0, video.bytes()));
        ObjectPath path = new ObjectPath(video.bucket(), video.key());
        Response.ResponseBuilder response = Response.status(asked.isPresent() ? 206 : 200)
                .entity(service.store().read(path, range.first(), range.length()))
                .type(video.mime())
                .header(HttpHeaders.CONTENT_LENGTH, range.length())
                .header("Accept-Ranges", "bytes")
                .header(HttpHeaders.ETAG, '"' + video.sha256() + '"');
        asked.ifPresent(part -> response.header("Content-Range", part.contentRange(video.bytes())));
        return response.build();
    }

    private static Response problem(Response.Status status, String code, String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(Map.of("code", code, "message", message))
                .build();
    }
}
