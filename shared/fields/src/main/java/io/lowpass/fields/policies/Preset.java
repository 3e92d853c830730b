package io.lowpass.fields.policies;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A named set of options.
 *
 * @param note what it is for, and what its source leaves open
 * @param options by name, as a request would give them
 */
public record Preset(String note, ObjectNode options) {}
