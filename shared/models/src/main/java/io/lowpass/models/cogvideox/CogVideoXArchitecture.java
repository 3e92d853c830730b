package io.lowpass.models.cogvideox;

import io.lowpass.models.cogvideox.CogVideoXConfig.Positions;
import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.IntStream;

/** The parameters of a CogVideoX transformer, under the names of diffusers. */
public final class CogVideoXArchitecture {

    private CogVideoXArchitecture() {}

    /** Every parameter that a configuration asks for. */
    public static Architecture of(CogVideoXConfig config) {
        int width = config.width();
        int cells = config.patchCells();
        Architecture parameters = new Architecture("transformer");
        patchEmbedding(parameters, config);
        parameters
                .linear("patch_embed.text_proj", config.textWidth(), width)
                .linear("time_embedding.linear_1", width, config.timeWidth())
                .linear("time_embedding.linear_2", config.timeWidth(), config.timeWidth())
                .linear("norm_out.linear", config.timeWidth(), 2L * width)
                .linear("proj_out", width, (long) config.outChannels() * cells);
        norm(parameters, "norm_final", config);
        norm(parameters, "norm_out.norm", config);
        blocks(config).forEach(block -> block(parameters, block, config));
        return parameters;
    }

    /** What the names of each block's parameters start with, in the order in which blocks run. */
    static List<String> blocks(CogVideoXConfig config) {
        return IntStream.range(0, config.depth())
                .mapToObj(i -> "transformer_blocks." + i + ".")
                .toList();
    }

    private static void patchEmbedding(Architecture parameters, CogVideoXConfig config) {
        int width = config.width();
        int side = config.side();
        if (config.temporal()) {
            parameters.linear("patch_embed.proj", (long) config.inChannels() * config.patchCells(), width);
        } else {
            parameters.parameter("patch_embed.proj.weight", width, config.inChannels(), side, side);
            if (config.patchBias()) {
                parameters.parameter("patch_embed.proj.bias", width);
            }
        }
        if (config.positions() == Positions.ROTARY_AND_LEARNED) {
            long tokens =
                    (long) config.sampleLatentFrames() * (config.sampleHeight() / side) * (config.sampleWidth() / side);
            parameters.parameter("patch_embed.pos_embedding", 1, config.textLength() + tokens, width);
        }
    }

    private static void block(Architecture parameters, String block, CogVideoXConfig config) {
        int width = config.width();
        for (String norm : new String[] {"norm1", "norm2"}) {
            parameters.linear(block + norm + ".linear", config.timeWidth(), 6L * width);
            norm(parameters, block + norm + ".norm", config);
        }
        for (String matrix : new String[] {"to_q", "to_k", "to_v"}) {
            parameters.parameter(block + "attn1." + matrix + ".weight", width, width);
            if (config.attentionBias()) {
                parameters.parameter(block + "attn1." + matrix + ".bias", width);
            }
        }
        parameters
                .linear(block + "attn1.to_out.0", width, width)
                .affine(block + "attn1.norm_q", config.headWidth())
                .affine(block + "attn1.norm_k", config.headWidth())
                .linear(block + "ff.net.0.proj", width, 4L * width)
                .linear(block + "ff.net.2", 4L * width, width);
    }

    private static void norm(Architecture parameters, String name, CogVideoXConfig config) {
        if (config.affineNorms()) {
            parameters.affine(name, config.width());
        }
    }
}
