package io.lowpass.sampler;

import io.lowpass.contracts.request.ModelCard;
import io.lowpass.models.pipeline.OwnField;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.pipeline.VideoModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Holds an entry of the catalogue, by which requests are taken, against the folder of its model. */
final class CatalogueCheck {

    private final ModelCard card;
    private final List<String> problems = new ArrayList<>();

    private CatalogueCheck(ModelCard card) {
        this.card = card;
    }

    /**
     * Refuses an entry by which requests would be taken that the model cannot fulfil.
     *
     * @throws IllegalArgumentException with every field, its value and what the folder allows
     */
    static void require(ModelCard card, VideoModel model) {
        CatalogueCheck check = new CatalogueCheck(card);
        check.compare(model);
        if (!check.problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "the catalogue does not fit the folder: " + String.join("; ", check.problems));
        }
    }

    private void compare(VideoModel model) {
        PipelineLimits limits = model.limits();
        requireMultiple("sizeMultiple", card.sizeMultiple(), limits.heightMultiple(), limits.widthMultiple());
        requireMultiple("frameMultiple", card.frameMultiple(), limits.frameMultiple());
        requireSome("schedulers", card.schedulers(), model.defaults().schedulers());
        requireSome("fields", card.fields(), names(model.ownFields()));
        List<String> needed = names(model.neededFields());
        if (!card.needs().containsAll(needed)) {
            problems.add("needs is " + card.needs() + ", allowed is what has " + needed);
        }
        if (problems.isEmpty()) {
            requireDefaultVideo(limits);
        }
    }

    private void requireMultiple(String field, int value, int... factors) {
        for (int factor : factors) {
            if (value % factor != 0) {
                problems.add(field + " is " + value + ", allowed is a multiple of " + factor);
            }
        }
    }

    private void requireSome(String field, Collection<String> values, Collection<String> allowed) {
        if (!allowed.containsAll(values)) {
            problems.add(field + " is " + values + ", allowed are some of " + allowed);
        }
    }

    private void requireDefaultVideo(PipelineLimits limits) {
        try {
            limits.requireVideo(card.size().height(), card.size().width(), card.numFrames());
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> names(Collection<OwnField> fields) {
        return fields.stream().map(OwnField::text).sorted().toList();
    }
}
