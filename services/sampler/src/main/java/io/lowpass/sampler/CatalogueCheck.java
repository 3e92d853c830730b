package io.lowpass.sampler;

import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.caching.settings.profiles.SamplingConditions;
import io.lowpass.contracts.request.ModelCard;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.sampler.PipelineGenerator.GeneratorSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jboss.logging.Logger;

/** Compares a model's entry in the catalogue, which decides what requests are accepted, with the model's folder. */
final class CatalogueCheck {

    private static final Logger LOG = Logger.getLogger(CatalogueCheck.class);

    private final ModelCard card;
    private final List<String> problems = new ArrayList<>();

    private CatalogueCheck(ModelCard card) {
        this.card = card;
    }

    /**
     * Rejects an entry that would accept requests which the model cannot fulfil.
     *
     * @param settings how the model is run
     * @throws IllegalArgumentException with every field, its value and what the folder allows
     */
    static void require(ModelCard card, VideoModel model, GeneratorSettings settings) {
        CatalogueCheck check = new CatalogueCheck(card);
        check.compare(model);
        if (check.problems.isEmpty()) {
            check.tryDefaults(model, settings);
        }
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
        requireSome("fields", card.fields(), model.ownFields().stream().sorted().toList());
        List<String> needed = model.neededFields().stream().sorted().toList();
        if (!card.needs().containsAll(needed)) {
            problems.add("needs is " + card.needs() + ", allowed is what has " + needed);
        }
        requireWithin(limits);
    }

    /** Checks the defaults of a request that contains only a prompt. */
    private void tryDefaults(VideoModel model, GeneratorSettings settings) {
        attempt(
                "",
                () -> model.limits()
                        .requireVideo(card.size().height(), card.size().width(), card.numFrames()));
        for (String scheduler : card.schedulers()) {
            String what = "flowShift " + card.flowShift() + " with scheduler " + scheduler + ": ";
            attempt(
                    what,
                    () -> Schedulers.resolve(
                            Optional.of(scheduler), OptionalDouble.of(card.flowShift()), model.schedulerConfig()));
        }
        SamplingConditions conditions = new SamplingConditions(
                card.steps(),
                card.scheduler(),
                card.flowShift(),
                settings.precision().label());
        // An unreadable file is not an error of the catalogue.
        ModelCachePolicies policies = ModelCachePolicies.of(settings.folder(), settings.cacheProfiles());
        attempt(
                "",
                () -> policies.of(
                        card.cache().policy(),
                        card.cache().preset(),
                        card.cache().options(),
                        conditions,
                        warning -> LOG.warnf("Model %s: %s", card.name(), warning)));
    }

    /** Checks the limits on sizes and frames; limits left open in the entry are not checked. */
    private void requireWithin(PipelineLimits limits) {
        ModelCard.Limits said = card.limits();
        ModelCard.Limits most = ModelCard.Limits.LARGEST;
        requireAtMost("limits.maxWidth", said.maxWidth(), limits.largestWidth(), most.maxWidth());
        requireAtMost("limits.maxHeight", said.maxHeight(), limits.largestHeight(), most.maxHeight());
        requireAtMost("limits.frames", said.frames(), limits.mostFrames(), most.frames());
        requireAtLeast("limits.minWidth", said.minWidth(), limits.smallestWidth(), card.sizeMultiple());
        requireAtLeast("limits.minHeight", said.minHeight(), limits.smallestHeight(), card.sizeMultiple());
        requireAtLeast("limits.minFrames", said.minFrames(), limits.fewestFrames(), most.minFrames());
    }

    private void requireAtMost(String field, int value, long most, int open) {
        if (value > most && value != open) {
            problems.add(field + " is " + value + ", allowed is at most " + most);
        }
    }

    private void requireAtLeast(String field, int value, int least, int open) {
        if (value < least && value != open) {
            problems.add(field + " is " + value + ", allowed is at least " + least);
        }
    }

    private void attempt(String what, Runnable use) {
        try {
            use.run();
        } catch (IllegalArgumentException e) {
            problems.add(what + e.getMessage());
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
}
