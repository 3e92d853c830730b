package io.lowpass.lab.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.BlockDecision;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;

/** Compares what a cache decided at each step with what the reference decided. */
final class DecisionCheck {

    /** Stored decisions are exact to this share of their value. */
    private static final double ALLOWED = 1e-3;

    private DecisionCheck() {}

    static void compare(JsonNode expected, List<StepDecision> decisions, Comparison comparison) {
        comparison.offer("number of decisions", decisions.size(), expected.size());
        for (int i = 0; i < Math.min(decisions.size(), expected.size()); i++) {
            compare("step " + i + " ", expected.get(i), decisions.get(i), comparison);
        }
    }

    private static void compare(String step, JsonNode expected, StepDecision ours, Comparison comparison) {
        comparison.offer(
                step + "decision",
                ours.action().name().toLowerCase(Locale.ROOT),
                expected.path("decision").asText());
        if (expected.has("reason")) {
            comparison.offer(
                    step + "reason", ours.reason(), expected.get("reason").asText());
        }
        number(step, "lfd", expected, ours.distance(), comparison);
        number(step, "accumulated", expected, ours.accumulated(), comparison);
        number(step, "threshold", expected, ours.threshold(), comparison);
        if (expected.has("blocks") && ours.blocks().isEmpty()) {
            comparison.differs(step + "blocks: none were decided on, expected "
                    + expected.get("blocks").asText());
        }
        ours.blocks().ifPresent(blocks -> compare(step, expected, blocks, comparison));
    }

    private static void compare(String step, JsonNode expected, BlockDecision ours, Comparison comparison) {
        if (expected.has("blocks")) {
            comparison.offer(
                    step + "blocks",
                    ours.refreshed() ? "refresh" : "cached",
                    expected.get("blocks").asText());
            comparison.offer(step + "skipped", ours.skipped(), integers(expected.path("skipped")));
        }
        if (expected.has("next_skipped")) {
            comparison.offer(step + "next skipped", ours.nextSkipped(), integers(expected.get("next_skipped")));
        }
        JsonNode norms = expected.path("norms");
        if (expected.has("norms")) {
            comparison.offer(step + "number of norms", ours.norms().size(), norms.size());
        }
        for (int i = 0; i < Math.min(norms.size(), ours.norms().size()); i++) {
            comparison.offer(
                    step + "norm " + i, ours.norms().get(i), norms.get(i).asDouble(), ALLOWED);
        }
    }

    private static void number(
            String step, String name, JsonNode expected, OptionalDouble ours, Comparison comparison) {
        if (expected.has(name)) {
            // The reference writes 0 where there is nothing to measure yet.
            comparison.offer(step + name, ours.orElse(0), expected.get(name).asDouble(), ALLOWED);
        }
    }

    private static List<Integer> integers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }
}
