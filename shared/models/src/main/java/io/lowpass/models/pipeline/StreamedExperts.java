package io.lowpass.models.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.tensor.ReadAhead;
import java.util.List;
import java.util.Optional;

/** Experts whose weights stay in their files. One takes over from another, which leaves it the memory. */
final class StreamedExperts extends ForwardingTransformer implements Streamed {

    private final VideoTransformer experts;
    private final List<ReadAhead> files;

    /** The files of the expert that is open; none after another could not be opened in its place. */
    private Optional<ReadAhead> open;

    /** Joins what belongs together; all are closed with this object. */
    StreamedExperts(VideoTransformer experts, List<ReadAhead> files) {
        this.experts = experts;
        this.files = List.copyOf(files);
        this.open = Optional.of(this.files.get(0));
    }

    @Override
    public long bytesPerPass() {
        return open.orElse(files.get(0)).streamedBytes();
    }

    @Override
    public List<Double> boundaries() {
        return experts.boundaries();
    }

    @Override
    public VideoTransformer expert(int number) {
        ReadAhead wanted = files.get(number);
        open.filter(other -> other != wanted).ifPresent(ReadAhead::rest);
        open = Optional.empty();
        VideoTransformer expert = experts.expert(number);
        open = Optional.of(wanted);
        return new StreamedTransformer(expert, wanted);
    }

    @Override
    protected VideoTransformer target() {
        return experts;
    }

    @Override
    public Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec) {
        return expert(0).condition(memory, prompt, spec);
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        return expert(0).embed(latents, timestep, spec);
    }

    @Override
    public void close() {
        files.forEach(ReadAhead::close);
        experts.close();
    }
}
