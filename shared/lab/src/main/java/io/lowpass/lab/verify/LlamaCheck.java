package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.text.LlamaEncoder;
import io.lowpass.tensor.Precision;

/** A Llama model on token ids; the rows of padding are not compared. */
final class LlamaCheck implements Check {

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        RealTokens tokens = RealTokens.of(reference.inputs(memory));
        int skipped = reference.settings().path("hidden_state_skip_layer").asInt(0);
        try (LlamaEncoder encoder = LlamaEncoder.open(reference.model(), Device.cpu(), Precision.F32, skipped)) {
            comparison.offer(
                    comparison.names().contains("hidden_states") ? "hidden_states" : "last_hidden_state",
                    encoder.encode(memory, tokens.ids(), tokens.positions()));
        }
    }
}
