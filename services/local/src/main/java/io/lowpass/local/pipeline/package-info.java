/** Every part of a model folder in one process, without Kafka: what measuring commands run on. */
@NullMarked
package io.lowpass.local.pipeline;

import org.jspecify.annotations.NullMarked;
