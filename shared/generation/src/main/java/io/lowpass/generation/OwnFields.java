package io.lowpass.generation;

import io.lowpass.contracts.Job;
import io.lowpass.models.pipeline.OwnField;
import io.lowpass.models.pipeline.VideoModel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** What a job says that not every model has a use for. */
public final class OwnFields {

    private OwnFields() {}

    /**
     * Refuses a job that says what its model has no use for, or does not say what it needs.
     *
     * @throws IllegalArgumentException naming the field, its value and what is allowed
     */
    public static void requireUse(Job job, VideoModel model) {
        Map<OwnField, String> said = said(job);
        Set<OwnField> useful = model.ownFields();
        said.forEach((field, value) -> {
            if (!useful.contains(field)) {
                throw new IllegalArgumentException(field.text() + " is " + value + ", allowed is none: model "
                        + job.model() + " has no use for it");
            }
        });
        for (OwnField needed : model.neededFields()) {
            if (!said.containsKey(needed)) {
                throw new IllegalArgumentException(needed.text() + " is missing: model " + job.model() + " needs it");
            }
        }
    }

    /** The shift, which every job has, is looked at by the schedulers. */
    private static Map<OwnField, String> said(Job job) {
        Map<OwnField, String> said = new EnumMap<>(OwnField.class);
        if (!job.negativePrompt().isBlank()) {
            said.put(OwnField.NEGATIVE_PROMPT, "'" + job.negativePrompt() + "'");
        }
        job.guidanceScale2().ifPresent(scale -> said.put(OwnField.LATER_GUIDANCE, String.valueOf(scale)));
        job.trueCfgScale().ifPresent(scale -> said.put(OwnField.TRUE_GUIDANCE, String.valueOf(scale)));
        job.useDynamicCfg().ifPresent(changes -> said.put(OwnField.DYNAMIC_GUIDANCE, String.valueOf(changes)));
        job.image().ifPresent(image -> said.put(OwnField.IMAGE, "given"));
        job.lastImage().ifPresent(image -> said.put(OwnField.LAST_IMAGE, "given"));
        return said;
    }
}
