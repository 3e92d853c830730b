package io.lowpass.ingestion;

import io.lowpass.contracts.SchemaFiles;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;

/** The JSON Schemas of requests and events, for clients and for the form of the page. */
@Path("/schemas")
public class SchemaResource {

    /**
     * A schema.
     *
     * @param name type of an event, such as {@code io.lowpass.job.requested.v1}, or {@code definitions}
     */
    @GET
    @Path("/{name}")
    @Produces("application/schema+json")
    public String get(@PathParam("name") String name) {
        try {
            return SchemaFiles.text(name);
        } catch (IllegalArgumentException unknown) {
            throw new NotFoundException("There is no schema " + name, unknown);
        }
    }
}
