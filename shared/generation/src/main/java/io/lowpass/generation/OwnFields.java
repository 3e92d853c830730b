package io.lowpass.generation;

import io.lowpass.contracts.Job;
import io.lowpass.contracts.RequestFields;
import io.lowpass.models.pipeline.VideoModel;
import java.util.Set;
import java.util.TreeSet;

/** The fields of a job that only some models support. */
final class OwnFields {

    private static final String NEGATIVE_PROMPT = "negativePrompt";

    private OwnFields() {}

    /**
     * Refuses a job that says what its model has no use for, or does not say what it needs. The shift, which every job
     * has, and what some schedulers have no use for are looked at by the schedulers.
     *
     * @throws IllegalArgumentException naming the field, its value and what is allowed
     */
    static void requireUse(Job job, VideoModel model) {
        Set<String> said = new TreeSet<>(job.ownFields());
        said.retainAll(RequestFields.ofSomeModels());
        if (!job.negativePrompt().isBlank()) {
            said.add(NEGATIVE_PROMPT);
        }
        for (String field : said) {
            if (!model.ownFields().contains(field)) {
                throw new IllegalArgumentException(field + " is " + value(job, field) + ", allowed is none: model "
                        + job.model() + " has no use for it");
            }
        }
        for (String needed : model.neededFields()) {
            if (!said.contains(needed)) {
                throw new IllegalArgumentException(needed + " is missing: model " + job.model() + " needs it");
            }
        }
    }

    private static String value(Job job, String field) {
        if (field.equals(NEGATIVE_PROMPT)) {
            return "'" + job.negativePrompt() + "'";
        }
        return RequestFields.isImage(field) ? "given" : job.text(field);
    }
}
