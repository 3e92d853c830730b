package io.lowpass.models.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.Clip;
import io.lowpass.diffusion.Conditioning;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.Signal;
import io.lowpass.diffusion.SubLayer;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.tensor.ReadAhead;
import java.util.List;
import java.util.Set;

/** Experts whose weights stay in their files. One takes over from another, which leaves it the memory. */
final class StreamedExperts implements VideoTransformer, Streamed {

    private final VideoTransformer experts;
    private final List<ReadAhead> files;
    private int current;

    /** Joins what belongs together; all are closed with this object. */
    StreamedExperts(VideoTransformer experts, List<ReadAhead> files) {
        this.experts = experts;
        this.files = List.copyOf(files);
    }

    @Override
    public long bytesPerPass() {
        return files.get(current).streamedBytes();
    }

    @Override
    public List<Double> boundaries() {
        return experts.boundaries();
    }

    @Override
    public VideoTransformer expert(int number) {
        if (number != current) {
            files.get(current).rest();
            current = number;
        }
        return new StreamedTransformer(experts.expert(number), files.get(number));
    }

    @Override
    public int depth() {
        return experts.depth();
    }

    @Override
    public List<Integer> lists() {
        return experts.lists();
    }

    @Override
    public Set<SubLayer> subLayers() {
        return experts.subLayers();
    }

    @Override
    public Set<Signal> signals() {
        return experts.signals();
    }

    @Override
    public Signal indicator() {
        return experts.indicator();
    }

    @Override
    public List<Integer> patch() {
        return experts.patch();
    }

    @Override
    public Conditioning condition(NDManager memory, PromptEmbedding prompt, Clip clip) {
        return expert(0).condition(memory, prompt, clip);
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, Clip clip) {
        return expert(0).embed(latents, timestep, clip);
    }

    @Override
    public void close() {
        files.forEach(ReadAhead::close);
        experts.close();
    }
}
