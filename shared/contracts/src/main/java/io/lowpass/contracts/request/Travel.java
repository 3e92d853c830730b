package io.lowpass.contracts.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.Accepted;
import io.lowpass.contracts.TopicSpec;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.request.RequestOutcome.Taken;
import io.lowpass.fields.Texts;
import io.lowpass.fields.Violation;
import java.util.Map;

/** Whether a job fits the records by which it travels: as a job, in the event that accepts it, and beside latents. */
public final class Travel {

    /** What goes with the first latents besides the job. */
    private static final int BESIDE_JOB = 8 << 10;

    private static final int SHOWN = 80;

    private Travel() {}

    static boolean fits(Taken taken) {
        Job job = taken.job();
        Accepted accepted = new Accepted(job.jobId(), job.requestedAt(), job.withoutImages(), taken.requestHash());
        long latents = (long) Chunk.MAX_PAYLOAD + BESIDE_JOB + EventJson.bytes(job.withoutImages()).length;
        return TopicSpec.fits(Events.record(job))
                && TopicSpec.fits(Events.record(accepted))
                && latents <= TopicSpec.of(Topics.LATENTS).maxMessageBytes();
    }

    /** Why a job that does not fit is refused: the largest of its fields. */
    public static FieldError tooLarge(Job job) {
        String field = "";
        int most = 0;
        String value = "";
        for (Map.Entry<String, JsonNode> entry :
                EventJson.mapper().valueToTree(job).properties()) {
            String text = entry.getValue().toString();
            if (text.length() > most) {
                field = entry.getKey();
                most = text.length();
                value = text;
            }
        }
        return new FieldError(
                Violation.TOO_LARGE.code(),
                field,
                Texts.shorten(value, SHOWN),
                "less: a job with all of its fields must fit one record; this field is the largest");
    }
}
