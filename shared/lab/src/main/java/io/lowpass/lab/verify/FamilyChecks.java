package io.lowpass.lab.verify;

import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Architecture;
import java.util.Map;
import java.util.function.Function;

/** The checks of one model family. */
interface FamilyChecks {

    /**
     * Checks of single components: transformers, text encoders, autoencoders, schedulers, rules for prompts.
     *
     * @return by component as cases name it, then by the class of the component's configuration, or by the family's
     *     name where a component has none
     */
    Map<String, Map<String, Check>> components();

    /**
     * The parameters that a configuration asks for.
     *
     * @return by what the name of a manifest starts and ends with, such as {@code wan.transformer}
     */
    Map<String, Function<ComponentConfig, Architecture>> architectures();
}
