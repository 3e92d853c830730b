package io.lowpass.lab.evaluate.figures;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What was measured on one prompt: a line of {@code figures.jsonl}.
 *
 * @param conditions under what, as a text that differs if anything does
 * @param sigmas noise level of each step, and at the end
 * @param blocks per step and block, what the block adds in units of its input: ratio of L2 norms, conditioned branch
 */
record PromptFigures(
        String conditions,
        String text,
        long seed,
        List<Double> sigmas,
        Distances distances,
        List<ProbeDistances> probes,
        List<List<Double>> blocks,
        List<Influence> influences) {

    /** Number of steps. */
    int steps() {
        return sigmas.size() - 1;
    }

    /** Whether every difference is there for every step: a line of an early version lacks some of later experts' steps. */
    boolean isComplete() {
        return Stream.concat(
                        Stream.of(distances.whole(), distances.low(), distances.high()),
                        probes.stream().flatMap(probe -> Stream.of(probe.cached(), probe.trial())))
                .allMatch(values -> values.size() == steps() - 1);
    }

    /** How far the latents move at each step, from step 1. */
    List<Double> strides() {
        return IntStream.range(1, steps())
                .mapToObj(step -> Math.abs(sigmas.get(step + 1) - sigmas.get(step)))
                .toList();
    }
}
