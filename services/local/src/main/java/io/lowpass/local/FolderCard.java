package io.lowpass.local;

import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.request.ModelCard;
import io.lowpass.contracts.request.ModelCard.Limits;
import io.lowpass.models.pipeline.OwnField;
import io.lowpass.models.pipeline.PipelineDefaults;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.pipeline.VideoModel;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a model's folder says of it, as an entry of a catalogue: nobody has to type what stands there. */
final class FolderCard {

    private static final int MOST_PIXELS = 4096 * 4096;
    private static final int MOST_SIDE = 1 << 14;
    private static final int MOST_FRAMES = 1 << 16;
    private static final int MOST_STEPS = 1000;
    private static final int MOST_FPS = 120;

    private FolderCard() {}

    /** The entry, under a name, without where workers find it. */
    static ModelCard of(String name, VideoModel model) {
        PipelineLimits limits = model.limits();
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
                defaults.laterGuidance(),
                defaults.flowShift(),
                defaults.scheduler(),
                defaults.schedulers(),
                names(model.ownFields()),
                names(model.neededFields()),
                CacheSettings.NONE,
                new Limits(
                        limits.smallestWidth(),
                        limits.smallestHeight(),
                        (int) Math.min(MOST_SIDE, limits.largestWidth()),
                        (int) Math.min(MOST_SIDE, limits.largestHeight()),
                        MOST_PIXELS,
                        limits.fewestFrames(),
                        (int) Math.min(MOST_FRAMES, limits.mostFrames()),
                        MOST_STEPS,
                        MOST_FPS),
                Optional.empty());
    }

    private static List<String> names(Collection<OwnField> fields) {
        return fields.stream().map(OwnField::text).sorted().toList();
    }
}
