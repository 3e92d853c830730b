package io.lowpass.models.pipeline;

import java.util.Collection;
import java.util.List;

/** Fields of a request that some models have a use for and others have not. */
public enum OwnField {
    /** What the video does not show. */
    NEGATIVE_PROMPT("negativePrompt"),
    /** Shift of the noise schedule; some models' schedule follows from the video. */
    FLOW_SHIFT("flowShift"),
    /** The guidance scale of the second of two experts. */
    GUIDANCE_SCALE_2("guidanceScale2"),
    /** Classifier-free guidance on top of a scale that the model is told. */
    TRUE_CFG_SCALE("trueCfgScale"),
    /** Whether the guidance scale changes from step to step. */
    USE_DYNAMIC_CFG("useDynamicCfg"),
    /** What the video starts with. */
    IMAGE("image"),
    /** What it ends with. */
    LAST_IMAGE("lastImage");

    private final String text;

    OwnField(String text) {
        this.text = text;
    }

    /** The name in requests. */
    public String text() {
        return text;
    }

    /** The names of some, in order. */
    public static List<String> texts(Collection<OwnField> fields) {
        return fields.stream().map(OwnField::text).sorted().toList();
    }
}
