package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.text.T5Encoder;
import io.lowpass.tensor.Precision;

/** A T5 encoder on token ids; the rows of padding are not compared. */
final class T5Check implements Check {

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        RealTokens tokens = RealTokens.of(reference.inputs(memory));
        try (T5Encoder encoder = T5Encoder.open(reference.model(), Device.cpu(), Precision.F32)) {
            comparison.offer("last_hidden_state", encoder.encode(memory, tokens.ids(), tokens.positions()));
        }
    }
}
