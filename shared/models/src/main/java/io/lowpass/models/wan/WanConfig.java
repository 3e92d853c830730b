package io.lowpass.models.wan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code config.json} says of a Wan transformer; the names are those of diffusers' {@code WanTransformer3DModel}.
 *
 * @param patch latent cells of one token: frames, height, width
 * @param heads attention heads of a block
 * @param headWidth width of one head
 * @param inChannels channels of the latents
 * @param outChannels channels of the prediction
 * @param textWidth width of the text encoder's states
 * @param timeWidth number of sines and cosines of the timestep
 * @param feedForwardWidth inner width of a block's feed-forward layer
 * @param depth number of blocks
 * @param crossAttentionNorm whether the input of cross-attention is normalized
 * @param epsilon of every norm
 * @param longestAxis most tokens along one axis that the rotary tables cover
 */
public record WanConfig(
        List<Integer> patch,
        int heads,
        int headWidth,
        int inChannels,
        int outChannels,
        int textWidth,
        int timeWidth,
        int feedForwardWidth,
        int depth,
        boolean crossAttentionNorm,
        double epsilon,
        int longestAxis) {

    private static final Set<String> KNOWN = Set.of(
            "patch_size",
            "num_attention_heads",
            "attention_head_dim",
            "in_channels",
            "out_channels",
            "text_dim",
            "freq_dim",
            "ffn_dim",
            "num_layers",
            "cross_attn_norm",
            "qk_norm",
            "eps",
            "image_dim",
            "added_kv_proj_dim",
            "rope_max_seq_len",
            "pos_embed_seq_len");

    /** Checks that the numbers make a model. */
    public WanConfig {
        if (patch.size() != 3 || patch.stream().anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException("patch_size " + patch + " is not three positive numbers");
        }
        require(headWidth % 2 == 0, "attention_head_dim", headWidth, "an even number");
        require(timeWidth % 2 == 0, "freq_dim", timeWidth, "an even number");
        require(epsilon > 0, "eps", epsilon, "a positive number");
        Stream.of(heads, headWidth, inChannels, outChannels, textWidth, timeWidth, feedForwardWidth, depth, longestAxis)
                .forEach(number -> require(number > 0, "a size", number, "a positive number"));
    }

    /** Width of the tokens: heads times their width. */
    public int width() {
        return heads * headWidth;
    }

    /** Latent cells of one token. */
    public int patchCells() {
        return patch.stream().reduce(1, Math::multiplyExact);
    }

    /**
     * Reads {@code config.json} of a component folder.
     *
     * @throws IllegalArgumentException if a value is missing, malformed, unknown or not supported, with its name
     */
    public static WanConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        try {
            return of(new ObjectMapper().readTree(Files.readAllBytes(file)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Understands a configuration.
     *
     * @throws IllegalArgumentException if a value is missing, malformed, unknown or not supported, with its name
     */
    public static WanConfig of(JsonNode json) {
        json.fieldNames().forEachRemaining(name -> {
            if (!name.startsWith("_") && !KNOWN.contains(name)) {
                throw new IllegalArgumentException("'" + name + "' is not a setting of a Wan transformer");
            }
        });
        requireAbsent(json, "image_dim");
        requireAbsent(json, "added_kv_proj_dim");
        requireAbsent(json, "pos_embed_seq_len");
        String norm = json.path("qk_norm").asText("rms_norm_across_heads");
        require(norm.equals("rms_norm_across_heads"), "qk_norm", norm, "rms_norm_across_heads");
        int inChannels = number(json, "in_channels");
        JsonNode outChannels = json.path("out_channels");
        return new WanConfig(
                numbers(json, "patch_size"),
                number(json, "num_attention_heads"),
                number(json, "attention_head_dim"),
                inChannels,
                outChannels.isNull() || outChannels.isMissingNode() ? inChannels : number(json, "out_channels"),
                number(json, "text_dim"),
                number(json, "freq_dim"),
                number(json, "ffn_dim"),
                number(json, "num_layers"),
                json.path("cross_attn_norm").asBoolean(true),
                json.path("eps").asDouble(1e-6),
                json.has("rope_max_seq_len") ? number(json, "rope_max_seq_len") : 1024);
    }

    private static void requireAbsent(JsonNode json, String name) {
        require(
                json.path(name).isNull() || json.path(name).isMissingNode(),
                name,
                json.path(name),
                "null: image-to-video transformers are not supported");
    }

    private static int number(JsonNode json, String name) {
        JsonNode value = json.path(name);
        require(value.isIntegralNumber() && value.canConvertToInt() && value.asInt() > 0, name, value, "a positive number");
        return value.asInt();
    }

    private static List<Integer> numbers(JsonNode json, String name) {
        JsonNode values = json.path(name);
        require(
                values.isArray() && values.valueStream().allMatch(JsonNode::isIntegralNumber),
                name,
                values,
                "a list of numbers");
        return values.valueStream().map(JsonNode::asInt).toList();
    }

    private static void require(boolean condition, String name, Object value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + allowed);
        }
    }
}
