package io.lowpass.models.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A transformer over patches of latents. Latents and prompts may be on any device; predictions are f32 and on the device
 * of the latents.
 *
 * @param <C> its settings
 */
public abstract class PatchTransformer<C extends TransformerConfig> implements VideoTransformer {

    private final C config;
    private final Kernels kernels;
    private final NDManager memory;

    /**
     * Starts with the weights taken.
     *
     * @param memory owner of the weights, closed with this object
     */
    protected PatchTransformer(C config, Kernels kernels, NDManager memory) {
        this.config = config;
        this.kernels = kernels;
        this.memory = memory;
    }

    /**
     * Loads a component folder: {@code config.json} and safetensors, which stay mapped where they are stored in the
     * precision of the computation.
     *
     * @param settings understands the configuration
     * @param device where to compute
     * @throws IllegalArgumentException if the configuration is not supported, or files and configuration differ
     */
    protected static <C extends TransformerConfig, T> T load(
            Path folder,
            Function<ComponentConfig, C> settings,
            Precision precision,
            Device device,
            BiFunction<C, Weights, T> model) {
        C config = settings.apply(ComponentConfig.read(folder));
        return Weights.load(folder, config.architecture(), device, precision, weights -> model.apply(config, weights));
    }

    /** Embeds latents: what {@link #embed} does. */
    protected abstract EmbeddedVideo embedded(NDArray latents, double timestep, VideoSpec spec);

    /** Starts the pass of one branch. */
    protected abstract TokenPass<?> pass(EmbeddedVideo video, Conditioning conditioning);

    /** Notes intermediate results that come before the blocks, by the reference's names. */
    protected void inspectEmbeddings(
            Map<String, NDArray> seen, EmbeddedVideo video, PromptEmbedding prompt, VideoSpec spec) {}

    /** A prompt as it is inspected: with its padding, where it can have any. */
    protected Conditioning inspectedCondition(NDManager owner, PromptEmbedding prompt, VideoSpec spec) {
        return condition(owner, prompt, spec);
    }

    /** The model's configuration. */
    public final C config() {
        return config;
    }

    /** The kernels of the family. */
    protected final Kernels kernels() {
        return kernels;
    }

    @Override
    public final int depth() {
        return config.depth();
    }

    @Override
    public final List<Integer> patch() {
        return config.patch();
    }

    @Override
    public final Set<Signal> signals() {
        return Set.of(Signal.values());
    }

    @Override
    public final EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        EmbeddedVideo video = embedded(latents, timestep, spec);
        return conditioning -> pass(video, conditioning);
    }

    @Override
    public final void close() {
        memory.close();
    }

    /**
     * Runs one pass and keeps its intermediate results, to be compared with what another implementation computed. They
     * belong to the manager of the latents.
     *
     * @param spec the video, with its image where the transformer takes one
     * @return what {@link #inspectEmbeddings} notes, {@code block.N} and, where there are text tokens,
     *     {@code block.N.text} (the tokens after block N), and {@code sample}, in this order
     */
    public final Map<String, NDArray> inspect(
            NDArray latents, double timestep, PromptEmbedding prompt, VideoSpec spec) {
        Map<String, NDArray> seen = new LinkedHashMap<>();
        EmbeddedVideo video = embedded(latents, timestep, spec);
        inspectEmbeddings(seen, video, prompt, spec);
        TokenPass<?> pass = pass(video, inspectedCondition(latents.getManager(), prompt, spec));
        Features features = pass.input();
        for (int i = 0; i < depth(); i++) {
            String name = "block." + i;
            features = pass.block(i, features, SubLayers.COMPUTE);
            seen.put(name, features.video());
            features.text().ifPresent(text -> seen.put(name + ".text", text));
        }
        seen.put("sample", pass.wholeHead(features));
        return seen;
    }

    /** Calls a kernel of the family. */
    protected final NDArray call(NDManager owner, String kernel, Object... arguments) {
        return kernels.call(owner, kernel, arguments);
    }
}
