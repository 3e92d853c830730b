package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.text.ClipTextEncoder;
import io.lowpass.tensor.Precision;

/** CLIP's text model on token ids. */
final class ClipTextCheck implements Check {

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        try (ClipTextEncoder encoder = ClipTextEncoder.open(reference.model(), Device.cpu(), Precision.F32)) {
            ClipTextEncoder.Encoded encoded = encoder.encode(
                    memory, RealTokens.of(reference.inputs(memory)).ids());
            comparison.offer("last_hidden_state", encoded.states());
            comparison.offer("pooler_output", encoded.pooled());
        }
    }
}
