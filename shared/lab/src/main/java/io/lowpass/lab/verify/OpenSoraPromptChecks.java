package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.opensora.OpenSoraPrompt;
import io.lowpass.models.opensora.OpenSoraScores;
import io.lowpass.models.text.CaptionCleaner;
import io.lowpass.models.text.T5Encoder;
import io.lowpass.models.text.Tokenizer;
import io.lowpass.models.text.Tokens;
import io.lowpass.tensor.Precision;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;

/** What Open-Sora makes of prompts. */
final class OpenSoraPromptChecks {

    private OpenSoraPromptChecks() {}

    /** Pairs of a raw caption and the cleaned one. */
    static void cleaned(ReferenceCase reference, NDManager memory, Comparison comparison) {
        for (JsonNode pair : reference.settings().path("cases")) {
            String raw = pair.path(0).asText();
            comparison.offer(
                    "'" + raw + "'", CaptionCleaner.clean(raw), pair.path(1).asText());
        }
    }

    /** Scores behind captions. */
    static void scored(ReferenceCase reference, NDManager memory, Comparison comparison) {
        for (JsonNode single : reference.settings().path("cases")) {
            String prompt = single.path("prompt").asText();
            String scored = scores(single).appendTo(prompt);
            comparison.offer("'" + prompt + "'", scored, single.path("result").asText());
        }
    }

    /** Whole prompts, with what each clip gets of them. */
    static void split(ReferenceCase reference, NDManager memory, Comparison comparison) {
        for (JsonNode single : reference.settings().path("cases")) {
            String prompt = single.path("prompt").asText();
            OpenSoraPrompt read = OpenSoraPrompt.of(prompt, scores(single));
            comparison.offer(
                    "'" + prompt + "'", read.merged(), single.path("merged").asText());
            JsonNode loops = single.path("loops");
            for (int i = 0; i < loops.size(); i++) {
                comparison.offer(
                        "'" + prompt + "' " + i, read.caption(i), loops.get(i).asText());
            }
        }
    }

    /** From clean captions to states, without the rows of padding. */
    static void encoded(ReferenceCase reference, NDManager memory, Comparison comparison) {
        JsonNode prompts = reference.settings().path("prompts");
        int length = reference.settings().path("model_max_length").asInt();
        long[][] masks = new long[prompts.size()][length];
        try (Tokenizer tokenizer = Tokenizer.open(reference.model(), length);
                T5Encoder encoder = T5Encoder.open(reference.model(), Device.cpu(), Precision.F32)) {
            for (int i = 0; i < prompts.size(); i++) {
                Tokens tokens = tokenizer.encode(prompts.get(i).asText());
                JsonNode ids = reference.settings().path("input_ids").path(i);
                comparison.offer(
                        "input_ids." + i,
                        tokens.ids(),
                        StreamSupport.stream(ids.spliterator(), false)
                                .map(JsonNode::asLong)
                                .toList());
                Arrays.fill(masks[i], 0, tokens.length(), 1);
                comparison.offer("y." + i, encoder.encode(memory, tokens.real()).squeeze(0));
            }
        }
        long[] mask = Arrays.stream(masks).flatMapToLong(LongStream::of).toArray();
        comparison.offer("attention_mask", memory.create(mask).reshape(prompts.size(), length));
    }

    private static OpenSoraScores scores(JsonNode single) {
        return new OpenSoraScores(
                number(single.path("aes")),
                number(single.path("flow")),
                Optional.of(single.path("camera_motion"))
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::asText));
    }

    private static OptionalDouble number(JsonNode score) {
        return score.isNumber() ? OptionalDouble.of(score.asDouble()) : OptionalDouble.empty();
    }
}
