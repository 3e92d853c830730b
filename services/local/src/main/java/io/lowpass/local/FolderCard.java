package io.lowpass.local;

import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.request.ModelCard;
import io.lowpass.contracts.request.ModelCard.Limits;
import io.lowpass.models.pipeline.PipelineDefaults;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.pipeline.VideoModel;
import java.util.Optional;

/** The catalogue entry of a model, derived from its folder. */
final class FolderCard {

    private FolderCard() {}

    /** The entry under a given name, without the location for workers. */
    static ModelCard of(String name, VideoModel model) {
        PipelineLimits limits = model.limits();
        Limits most = Limits.LARGEST;
        PipelineDefaults defaults = model.defaults();
        return new ModelCard(
                name,
                Math.max(limits.heightMultiple(), limits.widthMultiple()),
                limits.frameMultiple(),
                new Size(defaults.width(), defaults.height()),
                defaults.frames(),
                defaults.fps(),
                defaults.steps(),
                defaults.guidance(),
                defaults.guidanceScale2(),
                defaults.flowShift(),
                defaults.scheduler(),
                defaults.schedulers(),
                model.ownFields().stream().sorted().toList(),
                model.neededFields().stream().sorted().toList(),
                CacheSettings.NONE,
                new Limits(
                        limits.smallestWidth(),
                        limits.smallestHeight(),
                        (int) Math.min(most.maxWidth(), limits.largestWidth()),
                        (int) Math.min(most.maxHeight(), limits.largestHeight()),
                        most.pixels(),
                        limits.fewestFrames(),
                        (int) Math.min(most.frames(), limits.mostFrames()),
                        most.steps(),
                        most.fps()),
                Optional.empty());
    }
}
