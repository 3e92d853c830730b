package io.lowpass.lab.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lowpass.diffusion.cost.Work;
import java.util.Optional;

/**
 * One finished run: a line of {@code runs.jsonl}.
 *
 * @param conditions their digest
 * @param prompt the prompt's place, from 0
 * @param policy the entrant's name
 * @param steps denoising steps
 * @param encodeMs text encoding, wall time
 * @param denoiseMs all steps
 * @param decodeMs the VAE
 * @param macs multiply-adds of the transformer
 * @param computed steps at which the network ran
 * @param peakBytes most memory that was resident during the run
 * @param uncached against the uncached run of the same steps
 * @param fine against the uncached run with more steps, where there is one
 * @param settings what names those of the policy; not there in runs of an early version
 */
record RunRecord(
        String conditions,
        int prompt,
        String text,
        long seed,
        String policy,
        int steps,
        double encodeMs,
        double denoiseMs,
        double decodeMs,
        double macs,
        int computed,
        int reused,
        int forecast,
        Work work,
        long peakBytes,
        Fidelity uncached,
        Optional<Fidelity> fine,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<String> settings) {

    double totalMs() {
        return encodeMs + denoiseMs + decodeMs;
    }

    boolean isOf(EvaluationConditions.Pair pair) {
        return prompt == pair.prompt() && seed == pair.seed();
    }
}
