package io.lowpass.generation;

import io.lowpass.contracts.Job;
import io.lowpass.models.pipeline.OwnField;
import io.lowpass.models.pipeline.VideoModel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The fields of a job that only some models support. */
final class OwnFields {

    private OwnFields() {}

    /**
     * Rejects a job with a field that its model does not support, or without one that it requires.
     *
     * @throws IllegalArgumentException naming the field, its value and what is allowed
     */
    static void requireUse(Job job, VideoModel model) {
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

    /** The shift is a field of every job; the schedulers check it. */
    private static Map<OwnField, String> said(Job job) {
        Map<OwnField, String> said = new EnumMap<>(OwnField.class);
        if (!job.negativePrompt().isBlank()) {
            said.put(OwnField.NEGATIVE_PROMPT, "'" + job.negativePrompt() + "'");
        }
        job.guidanceScale2().ifPresent(scale -> said.put(OwnField.GUIDANCE_SCALE_2, String.valueOf(scale)));
        job.trueCfgScale().ifPresent(scale -> said.put(OwnField.TRUE_CFG_SCALE, String.valueOf(scale)));
        job.useDynamicCfg().ifPresent(changes -> said.put(OwnField.USE_DYNAMIC_CFG, String.valueOf(changes)));
        job.image().ifPresent(image -> said.put(OwnField.IMAGE, "given"));
        job.lastImage().ifPresent(image -> said.put(OwnField.LAST_IMAGE, "given"));
        return said;
    }
}
