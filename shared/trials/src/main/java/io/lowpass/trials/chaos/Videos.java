package io.lowpass.trials.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.EventJson;

/** The small videos of the jobs: each is generated once without faults, and every job must produce the same. */
enum Videos {
    /** Short, without a cache. */
    PLAIN("a red ball", 1, 4, 5),
    /** Through a cache. */
    CACHED("a green ball bouncing", 2, 9, 5),
    /** Of several latent frames. */
    LONGER("a blue ball rolling over sand", 3, 5, 13),
    /** With many steps, so that faults are likely to hit it while it runs. */
    SLOW("a yellow ball", 4, 40, 9);

    private static final String SIZE = "64x48";

    private final String prompt;
    private final long seed;
    private final int steps;
    private final int frames;

    Videos(String prompt, long seed, int steps, int frames) {
        this.prompt = prompt;
        this.seed = seed;
        this.steps = steps;
        this.frames = frames;
    }

    /** The request for it. */
    ObjectNode request() {
        ObjectNode request = EventJson.mapper()
                .createObjectNode()
                .put("prompt", prompt)
                .put("seed", seed)
                .put("steps", steps)
                .put("numFrames", frames)
                .put("size", SIZE);
        if (this == CACHED) {
            request.putObject("cache").put("policy", "precise").put("preset", "turbo");
        }
        return request;
    }
}
