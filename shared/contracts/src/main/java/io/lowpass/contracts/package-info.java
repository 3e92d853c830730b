/**
 * The contract between the services: topics, events, chunks, and their form on Kafka.
 *
 * <p>Events are CloudEvents 1.0 in Kafka binary mode ({@link io.lowpass.contracts.Events}); latents and media are binary
 * chunks with their positions in headers ({@link io.lowpass.contracts.Chunk}).
 */
@NullMarked
package io.lowpass.contracts;

import org.jspecify.annotations.NullMarked;
