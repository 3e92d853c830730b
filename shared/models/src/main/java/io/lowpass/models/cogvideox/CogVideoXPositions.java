package io.lowpass.models.cogvideox;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.TokenGrid;
import io.lowpass.models.cogvideox.CogVideoXConfig.Positions;

/** For which videos a CogVideoX transformer has positions. */
final class CogVideoXPositions {

    private CogVideoXPositions() {}

    /**
     * The tokens of latents.
     *
     * @param latents shape (1, channels, frames, height, width)
     * @throws IllegalArgumentException if the model cannot take latents of that shape, with the axis
     */
    static TokenGrid grid(CogVideoXConfig config, Shape latents) {
        TokenGrid grid = TokenGrid.of(latents, config.inChannels(), config.patch());
        int height = config.sample().height();
        int width = config.sample().width();
        if (config.position().kind() == Positions.ROTARY_AND_LEARNED) {
            require(
                    latents.get(3) == height && latents.get(4) == width,
                    latents,
                    "height " + height + " and width " + width + ", for which positions were learned");
        }
        if (config.token().temporal()) {
            require(
                    grid.height() <= height / config.token().side()
                            && grid.width() <= width / config.token().side(),
                    latents,
                    "at most height " + height + " and width " + width + ", up to which positions are counted");
        }
        return grid;
    }

    private static void require(boolean condition, Shape latents, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException("latents have shape " + latents + ", allowed is " + allowed);
        }
    }
}
