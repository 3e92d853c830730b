/**
 * What the services say to each other: topics, events, chunks, and their form on Kafka.
 *
 * <p>Events are CloudEvents 1.0 in Kafka binary mode ({@link io.lowpass.contracts.Events}); latents and media are binary
 * chunks whose headers place them ({@link io.lowpass.contracts.Chunk}).
 */
@NullMarked
package io.lowpass.contracts;

import org.jspecify.annotations.NullMarked;
